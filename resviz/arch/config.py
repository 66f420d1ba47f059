"""What a person may choose: one frozen, validated, serialisable description of a residual network.

Its fields are those of `resviz.arch.fields`. Whatever is not possible is refused with a `ConfigError` whose
sentences name the field, the value and what would be right.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationError, field_validator, model_validator

from resviz.arch.choices import Choices
from resviz.arch.fields import CHOICES, PER_STAGE, ResNetFields
from resviz.arch.rules import rules
from resviz.arch.validation_messages import problems
from resviz.errors import ConfigError, Problem, unknown


class ResNetConfig(ResNetFields):
    """A residual network's description. Raises ConfigError for one that is not possible."""

    @model_validator(mode="wrap")
    @classmethod
    def _speak_plainly(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(_shortened(data))
        except ValidationError as error:
            raise ConfigError(*problems(error.errors(), cls.model_fields)) from None

    @field_validator(*CHOICES, mode="after")
    @classmethod
    def _known(cls, value: Any, info: Any) -> Any:
        known = CHOICES[info.field_name]
        for name in value if isinstance(value, tuple) else (value,):
            if name not in known:
                raise ValueError(unknown(info.field_name, name, known))
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        found = (Problem(field, sentence) for field, wrong, sentence in rules(self) if wrong)
        problems = dict.fromkeys(found)  # several stages may break a rule in the same words
        if problems:
            raise ConfigError(*problems)
        return self

    def choices(self, stage: int) -> Choices:
        """Return the choices that hold in a stage, by its index, for the entries of the dictionaries to read."""
        values = {name: getattr(self, name) for name in Choices.__dataclass_fields__}
        each = {name: values[name][stage] for name in PER_STAGE if isinstance(values[name], tuple)}
        return Choices(**(values | each))

    def with_(self, **changes: Any) -> Self:
        """Return this configuration with fields changed, validated anew. Raises ConfigError."""
        return type(self)(**{**self.to_dict(), **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return every field as plain data; tuples are lists."""
        return self.model_dump(mode="json")

    def to_json(self) -> str:
        """Return the configuration as JSON."""
        return json.dumps(self.to_dict(), indent=2)

    def to_yaml(self) -> str:
        """Return the configuration as YAML, in the order of the fields."""
        from resviz.arch.document import write_yaml

        return write_yaml(self.to_dict())

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Return the configuration that plain data describes. Raises ConfigError."""
        if not isinstance(data, Mapping):
            raise ConfigError.of(
                "file", f"A configuration is a mapping of fields to values, not a {type(data).__name__}."
            )
        return cls(**{str(key): value for key, value in data.items()})

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the configuration that JSON or YAML text describes. Raises ConfigError."""
        from resviz.arch.document import read

        return cls.from_dict(read(text))


def _shortened(data: Any) -> Any:
    """Return the data with a list of one value again and again, one for each stage, as that value."""
    if not isinstance(data, Mapping):
        return data
    depths = data.get("depths", ResNetFields.model_fields["depths"].default)
    if not isinstance(depths, list | tuple) or not depths:
        return data
    alike = {
        name: value[0]
        for name in PER_STAGE
        if isinstance(value := data.get(name), list | tuple)
        and len(value) == len(depths)
        and all(each == value[0] for each in value)
    }
    return {**data, **alike}
