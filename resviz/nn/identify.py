"""Whose network is this? The configuration that a file's tensors belong to, from their names and shapes alone.

Names are brought under this package's (`resviz.nn.weight_names`); a preset is looked for that has the same tensors,
else a configuration is fitted (`resviz.nn.fitting`). Either is expanded and every tensor compared. What weights
cannot tell, strides above all, is found by changing each field and looking whether a tensor changes.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from resviz.arch import PRESETS, Network, ResNetConfig, expand
from resviz.arch.inactive import same_network
from resviz.arch.links import named
from resviz.arch.operation import Shape
from resviz.arch.tensors import network_tensors
from resviz.errors import WeightsError
from resviz.nn import looks, measures, undecided
from resviz.nn.account import Account, account
from resviz.nn.fitting import SIDE, Fit
from resviz.nn.identification import Identification
from resviz.nn.inventory import Inventory, squeezed, without_counters
from resviz.nn.nearest import STARTS, adapted, describable, rank, starts
from resviz.nn.renaming import aligned, unprefixed
from resviz.nn.weight_files import read_shapes
from resviz.nn.weight_names import RENAMINGS

MAX_TENSORS = 300_000
"""Tensors of one file."""
MAX_LENGTH = 500
"""Letters of a tensor's name."""
MAX_AXES = 8
"""Axes of a tensor."""
STRANGE = 0.5
"""The share of a file's tensors from which on those that fit nowhere make it another kind of network."""
NEAR = 0.1
"""The share of tensors that fit nowhere, below which a preset was altered here and there: no other is tried."""
READINGS = 3
"""Readings of the names that are tried, of all that fit alike."""


def identify(tensors: Mapping[str, Any]) -> Identification:
    """Return what network tensors belong to: a state_dict, or shapes by name.

    Raises WeightsError where there are none, too many, or something that has no shape.
    """
    shapes = without_counters(_shapes(tensors))
    if not shapes:
        raise WeightsError("There is nothing to identify: a state_dict, names to tensors, was expected.")
    names, prefix = unprefixed(shapes)
    plain = {names[key]: shape for key, shape in shapes.items()}
    best: tuple[float, ResNetConfig, Fit, str] | None = None
    for reading, label in _readings(plain):
        fit = Fit(reading)
        if not describable(reading):
            continue
        distance, config = min(_fitted(fit), key=lambda each: each[0])
        if best is None or distance < best[0]:
            best = distance, config, fit, label
        if not distance:
            break
    if best is None or best[0] > STRANGE * len(shapes):
        return Identification(None, "", (), (), (), (), "", prefix, Account(unexpected=plain), _strange(plain))
    return _answer(*best, prefix)


def identify_file(source: Path | bytes, name: str = "") -> Identification:
    """Return what network a file of weights belongs to; ``name`` is the file's where bytes are given.

    Of a safetensors file only the header is read; any other is read in a process of its own, within limits. Raises
    WeightsError for what holds no weights, MemoryLimitError beyond the operator's limit.
    """
    return identify(read_shapes(source, name))


def _shapes(tensors: Mapping[str, Any]) -> dict[str, Shape]:
    if len(tensors) > MAX_TENSORS:
        raise WeightsError(f"{len(tensors):,} tensors are more than the {MAX_TENSORS:,} that are read.")
    found = {}
    for key, value in tensors.items():
        shape = getattr(value, "shape", value)
        try:
            sides = tuple(int(side) for side in shape)
        except (TypeError, ValueError):
            raise WeightsError(
                f"{str(key)[:80]} has no shape: names to tensors, or to shapes, were expected."
            ) from None
        if len(sides) > MAX_AXES or len(str(key)) > MAX_LENGTH or any(not 0 <= side < 2**48 for side in sides):
            raise WeightsError(f"{str(key)[:80]} has a name or a shape that no network's tensor has.")
        found[str(key)] = sides
    return found


def _readings(plain: Mapping[str, Shape]) -> Iterable[tuple[Inventory, str]]:
    """Yield the tensors under the names of each renaming that makes the most of them known, the best first."""
    known = undecided.vocabulary()
    found: dict[frozenset[str], tuple[int, int, Inventory, str]] = {}
    for number, renaming in enumerate((None, *RENAMINGS)):
        names = {key: key for key in plain} if renaming is None else renaming.renamed(plain)
        if not names or (renaming is not None and all(old == new for old, new in names.items())):
            continue
        unindexed = renaming is not None and renaming.unindexed
        made = {names[key]: shape for key, shape in plain.items()}
        score = sum(undecided.word(name) in known for name in made)
        key = frozenset(made)
        if key not in found or found[key][0] < score:
            found[key] = score, number, Inventory(made, unindexed), renaming.label if renaming else ""
    ranked = sorted(found.values(), key=lambda each: (-each[0], each[1]))
    most = ranked[0][0]
    yield from ((inventory, label) for score, _, inventory, label in ranked[:READINGS] if score >= 0.97 * most)


def _fitted(fit: Fit) -> Iterable[tuple[float, ResNetConfig]]:
    """Yield configurations and their distances: the nearest preset, then, where it does not fit, fitted ones."""
    distance, config = starts(fit)
    yield distance, config
    if distance < 1:
        return
    if distance < NEAR * len(fit.inventory.tensors) and config.depths == measures.depths(fit.inventory):
        mended, distance = fit.improved(config.model_copy(update={"input": (config.input[0], SIDE, SIDE)}), rounds=1)
        yield distance, mended
        return
    found = []
    for preset in PRESETS.values():
        if (changed := adapted(preset.config, fit.inventory)) is not None:
            found.append((fit.distance(changed), rank(preset.config), changed))
    for _, _, start in sorted(found, key=lambda each: each[:2])[:STARTS]:
        changed, distance = fit.improved(start)
        yield distance, changed
        if not distance:
            return


def _answer(distance: float, config: ResNetConfig, fit: Fit, label: str, prefix: str) -> Identification:
    config = undecided.usual_picture(config, fit, distance)
    config, nearest = undecided.conventional(config, fit, distance)
    alike = tuple(
        name
        for name, preset in PRESETS.items()
        if preset.config.depths == config.depths and fit.distance(_with_ends(preset.config, config)) <= distance
    )
    left = undecided.undecided(config, fit, distance)
    differences = undecided.differences(config, PRESETS[nearest].config, left, fit, distance)
    same = [name for name in (nearest, *alike) if same_network(_with_ends(PRESETS[name].config, config), config)]
    config = named(config, nearest)
    return Identification(
        config=config,
        nearest=same[0] if same else nearest,
        alike=alike if distance < 1 else (),
        differences=differences,
        decided=undecided.decided(config, left),
        undecided=left,
        names=label,
        prefix=prefix,
        account=_account(expand(config), fit.inventory),
        said=(),
    )


def _with_ends(preset: ResNetConfig, config: ResNetConfig) -> ResNetConfig:
    """Return a preset with the channels of a configuration's picture and its classes."""
    return preset.model_copy(update={"input": (config.input[0], *preset.input[1:]), "num_classes": config.num_classes})


def _account(network: Network, inventory: Inventory) -> Account:
    """Return how the tensors of a file fit a network's; axes of size 1 count for nothing."""
    own, theirs = network_tensors(network), dict(inventory.tensors)
    if inventory.unindexed:
        names = aligned({key: key for key in theirs}, own)
        theirs = {names[key]: shape for key, shape in theirs.items()}
    return account(own, theirs, lambda one, other: squeezed(one) == squeezed(other))


def _strange(plain: Mapping[str, Shape]) -> tuple[str, ...]:
    what = looks.kind(plain)
    first = next(iter(plain.items()))
    return (
        f"These {len(plain):,} tensors are no residual network that can be described here.",
        f"Their names look like {what}."
        if what
        else f"No known names of stages and blocks; the first is {first[0][:80]}, {looks.tensor(*first)}.",
    )
