"""Small nets for 8x8 digits, each with a name that says all of it: ``residual-56``, ``plain-20-w16-nobn``.

They are the CIFAR nets of He et al. 2015, Sec. 4.2, at half their width: a 3x3 convolution, three stages of basic
blocks on maps of 8, 4 and 2 pixels, widths 8, 16, 32, a classifier. Option A keeps a residual net's parameters equal
to its plain twin's. Any other network is taken too, with its input and classifier made to fit.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, Self

from resviz.arch import ResNetConfig, expand, find
from resviz.arch.inactive import same_network
from resviz.arch.links import DEFAULT_BASE, decode, encode
from resviz.errors import TrainingError, unknown

SHAPE = (1, 8, 8)
"""One picture: channels, height, width."""
CLASSES = 10
ShortcutOption = Literal["none", "A", "B", "C"]
SHORTCUT_OPTIONS: dict[ShortcutOption, str] = {
    "none": "None: a plain net",
    "A": "Identity, option A",
    "B": "Identity, option B",
    "C": "Projection, option C",
}
"""What a small net's shortcuts may be."""
ORDERS = {
    "original": "Original",
    "bn_after_add": "BN after addition",
    "relu_before_add": "ReLU before addition",
    "relu_only_preact": "ReLU-only pre-activation",
    "full_preact": "Full pre-activation",
}
NORMS = {"batch": "Batch norm", "none": "None"}
MIN_DEPTH, MAX_DEPTH = 8, 200
WIDTHS = (4, 8, 16, 32)
MAX_PARAMS = 12_000_000
MAX_MACS = 50_000_000
"""MACs of one picture: a step of 64 ends within about a second, and so does a Stop."""
MAX_LAYERS = 1_000
"""Weighted layers of a net that is trained."""

_WORDS = {"bnadd": "bn_after_add", "reluadd": "relu_before_add", "relupre": "relu_only_preact", "preact": "full_preact"}
_ORDER_WORDS = {order: word for word, order in _WORDS.items()}
LIKE = "residual-56, plain-20-w16, residual-56-preact, residual-56-nobn or residual-56-drop50"
_NAME = re.compile(r"(plain|residual)-([0-9]{1,4})((?:-[A-Za-z0-9]{1,10})*)")


@dataclass(frozen=True, slots=True)
class Small:
    """A small net by its few choices."""

    shortcut: ShortcutOption = "A"
    depth: int = 20
    """Weighted layers, 6n + 2."""
    width: int = 8
    """Channels of the first stage; the next have twice and four times as many."""
    order: str = "original"
    norm: str = "batch"
    drop: int = 0
    """Stochastic depth: per cent at which the last block loses its branch in training."""

    @property
    def name(self) -> str:
        """The name that says all of it; what is usual is left out."""
        kind = "plain" if self.shortcut == "none" else "residual"
        parts = [
            kind,
            str(self.depth),
            self.shortcut if self.shortcut in ("B", "C") else "",
            f"w{self.width}" if self.width != 8 else "",
            _ORDER_WORDS.get(self.order, ""),
            "nobn" if self.norm == "none" else "",
            f"drop{self.drop}" if self.drop else "",
        ]
        return "-".join(filter(None, parts))

    @property
    def config(self) -> ResNetConfig:
        """The configuration. Raises TrainingError for a depth that is none, ConfigError for what cannot be."""
        units, rest = divmod(self.depth - 2, 6)
        if rest or not MIN_DEPTH <= self.depth <= MAX_DEPTH:
            low = min(max(self.depth - rest, MIN_DEPTH), MAX_DEPTH - 6)
            raise TrainingError(
                f"depth {self.depth} is none of these nets', whose depths are 6n + 2 from {MIN_DEPTH} to {MAX_DEPTH}; "
                f"the nearest are {low} and {low + 6}."
            )
        return ResNetConfig(
            name=self.name,
            input=SHAPE,
            num_classes=CLASSES,
            stem="cifar",
            block="basic",
            depths=(units,) * 3,
            widths=(self.width, 2 * self.width, 4 * self.width),
            stage_strides=(1, 2, 2),
            shortcut=self.shortcut,
            order=self.order,
            norm=self.norm,
            drop_path_rate=self.drop / 100,
        )

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Return the small net of a name, None for a name of another form. Raises TrainingError for a wrong part."""
        found = _NAME.fullmatch(name)
        if not found:
            return None
        kind, depth, parts = found.groups()
        made = cls("none" if kind == "plain" else "A", int(depth))
        for part in filter(None, parts.split("-")):
            made = made._with(part)
        return made

    def _with(self, part: str) -> Self:
        match part:
            case "A" | "B" | "C" if self.shortcut != "none":
                return replace(self, shortcut=part)
        if part in _WORDS:
            return replace(self, order=_WORDS[part])
        if part == "nobn":
            return replace(self, norm="none")
        if re.fullmatch(r"w[1-9][0-9]{0,2}", part):
            return replace(self, width=int(part[1:]))
        if re.fullmatch(r"drop[1-9][0-9]?", part):
            return replace(self, drop=int(part[4:]))
        raise TrainingError(f"{part!r} is no part of a small net's name, which is like {LIKE}.")


def net(name: str) -> ResNetConfig:
    """Return a net by name: a small one, or a preset or family member made to fit the digits.

    Raises TrainingError, UnknownNameError and ConfigError.
    """
    small = Small.named(name)
    if small is not None:
        return small.config
    if name.startswith(("plain-", "residual-")):
        raise TrainingError(unknown("net", name, (), like=LIKE))
    return for_digits(find(name).config)


def for_digits(config: ResNetConfig) -> ResNetConfig:
    """Return a configuration with the digits' input and classes. Raises TrainingError, ShapeError."""
    fitted = (
        config
        if (config.input, config.num_classes) == (SHAPE, CLASSES)
        else config.with_(input=SHAPE, num_classes=CLASSES)
    )
    ensure_trainable(fitted)
    return fitted


def ensure_trainable(config: ResNetConfig) -> None:
    """Raise TrainingError for a net that does not take digits or is too large to train while somebody waits."""
    if (config.input, config.num_classes) != (SHAPE, CLASSES):
        raise TrainingError(f"{config.name} takes no digits: its input must be 1x8x8, with {CLASSES} classes.")
    network = expand(config)
    for what, value, most in (
        ("parameters", network.params, MAX_PARAMS),
        ("MACs a picture", network.macs, MAX_MACS),
        ("layers", network.depth, MAX_LAYERS),
    ):
        if value > most:
            raise TrainingError(f"{config.name} has {value:,} {what}; the laboratory trains nets of at most {most:,}.")


def word(config: ResNetConfig) -> str:
    """Return the word that stands for a net in a link: a small net's name, else the encoded configuration."""
    if is_small(config):
        return config.name
    return encode(config, DEFAULT_BASE)


def net_of(word: str) -> ResNetConfig:
    """Return the net that a word of a link stands for. Raises TrainingError, UnknownNameError and ConfigError."""
    return net(word) if _NAME.fullmatch(word) else for_digits(decode(word)[0])


def is_small(config: ResNetConfig) -> bool:
    """Return whether a net is the small one that its name says."""
    try:
        small = Small.named(config.name)
        return small is not None and same_network(small.config, config)
    except TrainingError:
        return False
