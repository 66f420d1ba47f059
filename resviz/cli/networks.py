"""Which network a verb is about: NAME and --set, as every verb reads them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from resviz.arch import ConfigError, Network, ResNetConfig, UnknownNameError, expand, find
from resviz.arch.document import MAX_TEXT, read
from resviz.arch.fields import MAX_NAME
from resviz.arch.inactive import same_network
from resviz.arch.libraries import in_library

FILES = (".yaml", ".yml", ".json")
"""What the name of a configuration file ends in."""

NAMES = "A preset, a member of a family, timm/NAME, torchvision/NAME, or a YAML or JSON file."
"""What a NAME may be."""
Name = Annotated[str, typer.Argument(help=NAMES)]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Change a field; the value is YAML. Repeatable."),
]


def configured(name: str, changes: list[str] | None) -> ResNetConfig:
    """Return the configuration that a verb's NAME and --set options describe. Raises ResvizError."""
    path = Path(name)
    file = path.suffix.lower() in FILES or (len(path.parts) > 1 and not in_library(name)) or _is_folder(path)
    config = _read(path) if file else find(name).config
    fields = dict(field(change, "--set") for change in changes or ())
    changed = ResNetConfig.from_dict({**config.to_dict(), **fields})
    if "name" in fields or same_network(changed, config):
        return changed
    return changed.with_(name=f"custom, from {config.name}"[:MAX_NAME])


def network(name: str, changes: list[str] | None) -> Network:
    """Return the expanded network that a verb's NAME and --set options describe. Raises ResvizError."""
    return expand(configured(name, changes))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file system takes is a preset's, or nothing
        return False


def _read(path: Path) -> ResNetConfig:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_TEXT + 1)  # a device or a pipe may never end
    except UnicodeDecodeError:
        raise ConfigError.of("file", f"The file {_cut(path)} is not UTF-8 text.") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnknownNameError(f"The file {_cut(path)} cannot be read: {reason}.") from None
    if len(text) > MAX_TEXT:
        raise ConfigError.of("file", f"The file {_cut(path)} has more than {MAX_TEXT:,} characters; no more are read.")
    return ResNetConfig.from_text(text)


def _cut(text: object) -> str:
    shown = str(text)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def field(change: str, option: str) -> tuple[str, Any]:
    """Return the field and the value of an option's field=value. Raises ConfigError."""
    field, equals, value = change.partition("=")
    if not equals:
        raise ConfigError.of("set", f"{option} {_cut(change)!r} needs the form field=value, such as depths=[3,4,6,3].")
    return field.strip(), read(value, f"The value of {option} {_cut(change)!r}")
