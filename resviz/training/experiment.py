"""What is to be trained and how: one frozen description, and the word that stands for it in a link.

The word is the settings, then each net, joined by ``~~``:
``epochs~6~seeds~0-1-2~rate~0.1~batch~64~~plain-8~~residual-8``.
"""

from dataclasses import dataclass
from math import ceil, cos, pi

from resviz.arch import ResNetConfig
from resviz.errors import TrainingError
from resviz.training.small import Small, ensure_trainable, is_small, net_of, word

TRAIN, TEST = 1_437, 360
"""Pictures for training and for testing."""
MOST_NETS, MOST_SEEDS, MOST_EPOCHS = 4, 5, 30
MAX_SEED = 999_999
BATCHES = (8, 256)
LIMIT, LONGEST = 180.0, 600.0
"""Seconds that an experiment may take unless told otherwise, and at most."""
MOMENTUM, WEIGHT_DECAY = 0.9, 1e-4
"""Of stochastic gradient descent, as in He et al. 2015, Sec. 3.4."""
WARM_UP = 0.2
"""Share of the steps in which the rate rises."""
PARTS = 2
"""Points of a curve in each epoch."""
MAX_WORD = 8_000


@dataclass(frozen=True, slots=True)
class Experiment:
    """One to four nets, trained from each seed in the same way. Raises TrainingError for what cannot be."""

    nets: tuple[ResNetConfig, ...]
    epochs: int = 6
    seeds: tuple[int, ...] = (0, 1, 2)
    """Each gives a net its first weights and the pictures their order."""
    rate: float = 0.1
    """The highest learning rate."""
    batch: int = 64
    """Pictures in a step."""
    limit: float = LIMIT
    """Seconds after which training ends with what there is."""

    def __post_init__(self) -> None:
        names = [net.name for net in self.nets]
        low, high = BATCHES
        for wrong, sentence in (
            (not 1 <= len(names) <= MOST_NETS, f"An experiment has one to {MOST_NETS} nets, not {len(names)}."),
            (len(set(names)) < len(names), f"Two nets are called {_twice(names)}; each needs a name of its own."),
            (not 1 <= self.epochs <= MOST_EPOCHS, f"epochs {self.epochs} is not possible: 1 to {MOST_EPOCHS}."),
            (
                not 1 <= len(self.seeds) <= MOST_SEEDS or len(set(self.seeds)) < len(self.seeds),
                f"seeds {_listed(self.seeds)} are not possible: one to {MOST_SEEDS} different ones.",
            ),
            (
                any(not 0 <= seed <= MAX_SEED for seed in self.seeds),
                f"seeds {_listed(self.seeds)} are not possible: whole numbers from 0 to {MAX_SEED:,}.",
            ),
            (not 0.0001 <= self.rate <= 10, f"rate {self.rate:g} is not possible: 0.0001 to 10."),
            (not low <= self.batch <= high, f"batch {self.batch} is not possible: {low} to {high}."),
            (not 1 <= self.limit <= LONGEST, f"limit {self.limit:g} is not possible: 1 to {LONGEST:g} seconds."),
        ):
            if wrong:
                raise TrainingError(sentence)
        for net in self.nets:
            ensure_trainable(net)

    @property
    def steps(self) -> int:
        """Steps of one run."""
        return self.epochs * ceil(TRAIN / self.batch)

    @property
    def runs(self) -> int:
        """Runs in all."""
        return len(self.nets) * len(self.seeds)

    def rate_at(self, step: int) -> float:
        """Return the learning rate of a step from 0: up in a line for a fifth of them, then down by half a cosine."""
        rising = max(round(WARM_UP * self.steps), 1)
        if step < rising:
            return self.rate * (step + 1) / rising
        return self.rate * (1 + cos(pi * (step - rising) / max(self.steps - rising, 1))) / 2

    @property
    def word(self) -> str:
        """The word that stands for it in a link; the time limit is not in it, for it changes no result."""
        settings = f"epochs~{self.epochs}~seeds~{'-'.join(map(str, self.seeds))}~rate~{self.rate!r}~batch~{self.batch}"
        return "~~".join([settings, *map(word, self.nets)])

    @property
    def command(self) -> str | None:
        """The command that trains it from a shell; None where a net is not one that a name stands for."""
        if not all(map(is_small, self.nets)):
            return None
        return (
            f"resviz train {' '.join(net.name for net in self.nets)} --epochs {self.epochs} "
            f"--seeds {','.join(map(str, self.seeds))} --rate {self.rate!r} --batch {self.batch}"
        )

    @classmethod
    def from_word(cls, text: str) -> "Experiment":
        """Return the experiment that a link's word stands for. Raises TrainingError, ConfigError, UnknownNameError."""
        if len(text) > MAX_WORD:
            raise TrainingError(f"The link's experiment has {len(text):,} characters; it has at most {MAX_WORD:,}.")
        settings, *nets = text.split("~~")
        words = settings.split("~")
        found = dict(zip(words[::2], words[1::2], strict=False))
        unknown = [name for name in found if name not in ("epochs", "seeds", "rate", "batch")]
        if len(words) % 2 or unknown:
            raise TrainingError(
                f"{settings[:60]!r} are no settings of an experiment; they are like epochs~6~seeds~0-1-2~rate~0.1."
            )
        try:
            read = {
                name: (tuple(map(int, value.split("-"))) if name == "seeds" else _READ[name](value))
                for name, value in found.items()
            }
        except ValueError:
            raise TrainingError(f"{settings[:60]!r} holds a value that is no number.") from None
        return cls(nets=tuple(map(net_of, nets[: MOST_NETS + 1])), **read)  # type: ignore[arg-type]  # by name


_READ = {"epochs": int, "rate": float, "batch": int}
CLASSIC = ("plain-8", "residual-8", "plain-56", "residual-56")


def classic() -> Experiment:
    """Return the experiment of He et al. 2015, Sec. 4.2, in small: a shallow and a deep net, without and with skips."""
    nets = (Small("none", 8), Small("A", 8), Small("none", 56), Small("A", 56))
    return Experiment(tuple(net.config for net in nets))


def seeds_of(text: str) -> tuple[int, ...]:
    """Return the seeds of ``0, 1, 2``. Raises TrainingError."""
    words = [word.strip() for word in text.split(",")]
    wrong = next((word for word in words if not (word.isascii() and word.isdecimal() and len(word) < 9)), None)
    if wrong is not None:
        raise TrainingError(f"seeds {wrong[:40]!r} is not possible: whole numbers, as in 0, 1, 2.")
    return tuple(map(int, words))


def _listed(values: tuple[int, ...]) -> str:
    return ", ".join(map(str, values[:8])) or "()"


def _twice(names: list[str]) -> str:
    return next((name for name in names if names.count(name) > 1), "")
