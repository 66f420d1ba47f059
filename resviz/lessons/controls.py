"""What a reader may change in an experiment, and the values that it then has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from resviz.arch import Network, ResNetConfig, expand
from resviz.arch.links import decode


@dataclass(frozen=True, slots=True)
class Slider:
    """A whole number between bounds."""

    label: str
    low: int
    high: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, each with its words."""

    label: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Toggle:
    """Yes or no."""

    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line that the reader types, of at most ``longest`` characters."""

    label: str
    longest: int = 300
    help: str = ""


Control = Slider | Choice | Toggle | Text


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of an experiment; ``mine`` is the reader's own network where it takes the place of the lesson's."""

    values: Mapping[str, Any]
    mine: ResNetConfig | None = None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, or the default where the step gives none."""
        return self.values.get(name, default)

    @property
    def config(self) -> ResNetConfig:
        """The network that the experiment is about: the reader's, or the step's ``net``, in a link's words.

        A step may call it by a ``name`` of its own.
        """
        if self.mine:
            return self.mine
        config = decode(self.values["net"])[0]
        return config.with_(name=self.values["name"]) if "name" in self.values else config

    @property
    def network(self) -> Network:
        """The same, expanded. Raises ConfigError for one that cannot be."""
        return expand(self.config)
