"""A configuration in one word, as it stands in an address: ``resnet50~depths~3-4-7-3~attention~se``.

The word is the name of a preset or family member, then each field that differs from it and its value.
Lists are joined by hyphens, a list of one value for a stage ends in one; ``auto`` stands for None. Only
characters that an address leaves as they are occur, but in a name of the person's own.
"""

from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote

from resviz.arch.config import ResNetConfig
from resviz.arch.families import preset
from resviz.arch.fields import PER_STAGE
from resviz.arch.inactive import same_network
from resviz.errors import ConfigError

MAX_LINK = 2_000
"""Characters of an encoded configuration."""
VERSION = "1"
"""The version of this encoding, which a link carries beside it."""
DEFAULT_BASE = "resnet50"
"""The preset that the fields' own defaults make."""

_LISTS = ("input", "depths", "widths", "stage_strides")
_OPTIONAL = tuple(name for name, field in ResNetConfig.model_fields.items() if field.default is None)


def changed_name(base: str) -> str:
    """Return what a configuration is called that somebody has changed: ``custom, from resnet50``."""
    return f"custom, from {base}"


def changes(config: ResNetConfig, base: str) -> dict[str, Any]:
    """Return the fields in which a configuration differs from the named one; not its name."""
    before, after = preset(base).model_dump(), config.model_dump()
    return {field: value for field, value in after.items() if field != "name" and value != before[field]}


def _value(field: str, value: Any) -> str:
    if value is None:
        return "auto"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        words = "-".join(_value(field, one) for one in value)
        return f"{words}-" if field in PER_STAGE and len(value) == 1 else words
    if isinstance(value, float) and field in PER_STAGE:
        return f"{Decimal(repr(value)):f}"  # without an exponent, whose sign is a hyphen
    return quote(value, safe="").replace("~", "%7E") if field == "name" else str(value)


def named(config: ResNetConfig, base: str) -> ResNetConfig:
    """Return a configuration under the name that shows where it comes from: its preset's while it is that network."""
    name = base if same_network(config, preset(base)) else changed_name(base)
    return config if config.name == name else config.with_(name=name)


def ensure_version(version: str | None) -> None:
    """Raise ConfigError for a link of a version that this resviz does not read; None and "" are links without one."""
    if version not in (None, "", VERSION):
        shown = version if len(version) <= 20 else f"{version[:17]}..."
        raise ConfigError.of(
            "v", f"v {shown!r} is a version of links that this resviz does not read; it reads v={VERSION}."
        )


def encode(config: ResNetConfig, base: str = DEFAULT_BASE) -> str:
    """Return the word for a configuration, in terms of a preset or family member."""
    different = changes(config, base)
    if config.name not in (base, changed_name(base)):
        different["name"] = config.name
    return "~".join([base, *(f"{field}~{_value(field, value)}" for field, value in different.items())])


def decode(word: str) -> tuple[ResNetConfig, str]:
    """Return the configuration that a word stands for, and the preset it starts from.

    Raises UnknownNameError for a name that is none, ConfigError for impossible fields or values.
    """
    if len(word) > MAX_LINK:
        raise ConfigError.of("net", f"net has {len(word):,} characters; a link has at most {MAX_LINK:,}.")
    base, *rest = word.split("~")
    if len(rest) % 2:
        raise ConfigError.of("net", f"net {word[:60]!r} ends in a field without a value; it is name~field~value~….")
    start = preset(base)
    fields: dict[str, Any] = {}
    for field, text in zip(rest[::2], rest[1::2], strict=True):
        if field in _LISTS:
            fields[field] = text.split("-")
        elif field in PER_STAGE and "-" in text:
            fields[field] = [None if one == "auto" else one for one in text.removesuffix("-").split("-")]
        elif field in _OPTIONAL and text == "auto":
            fields[field] = None
        else:
            fields[field] = unquote(text) if field == "name" else text
    changed = start.with_(**fields) if fields else start
    return changed if "name" in fields else named(changed, base), base
