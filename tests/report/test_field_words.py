"""Every field and every value that it may hold has words of its own."""

import re
from typing import Any, get_args

import pytest
from hypothesis import given

from resviz.arch import ResNetConfig
from resviz.arch.fields import CHOICES
from resviz.arch.settings import SETTINGS
from resviz.report.field_words import LABELS, OPTIONS, value_in_words
from resviz.report.whatif import CHANGES
from tests.strategies import configs


def test_every_field_has_a_label_and_no_two_the_same() -> None:
    assert set(LABELS) == set(ResNetConfig.model_fields)
    assert len(set(LABELS.values())) == len(LABELS)


@pytest.mark.parametrize(
    "name", [name for name, field in ResNetConfig.model_fields.items() if "Literal" in repr(field.annotation)]
)
def test_every_word_that_a_field_takes_is_offered_with_its_own_words(name: str) -> None:
    assert list(OPTIONS[name]) == list(get_args(ResNetConfig.model_fields[name].annotation))
    assert len(set(OPTIONS[name].values())) == len(OPTIONS[name])


@given(configs())
def test_any_value_is_said(config: ResNetConfig) -> None:
    for name in ResNetConfig.model_fields:
        words = value_in_words(name, getattr(config, name))
        assert words
        assert "None" not in words or name in CHOICES  # "None" is what entries call nothing


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("input", (3, 224, 224), "3x224x224"),
        ("depths", (3, 4, 6, 3), "3, 4, 6, 3"),
        ("block", ("basic", "bottleneck"), "Basic, Bottleneck"),
        ("bottleneck_ratio", (None, 0.25), "as the block has it, 0.25"),
        ("output_stride", 4, "4"),
        ("output_stride", None, "No limit"),
        ("zero_init_last", True, "yes"),
    ],
)
def test_a_value_is_said_as_people_say_it(field: str, value: Any, words: str) -> None:
    assert value_in_words(field, value) == words


def test_a_residual_block_is_called_a_block_wherever_a_person_reads() -> None:
    """Attention has units of its own; the names of fields and of entries are an interface."""
    entries = [*SETTINGS.values(), *(entry for entries in CHOICES.values() for entry in entries.values())]
    said = [*LABELS.values(), *CHANGES]
    said += [text for entry in entries for text in (entry.label, entry.summary, entry.formula)]
    said += [field.description or "" for field in ResNetConfig.model_fields.values()]
    assert not [text for text in said if re.search(r"(?<!attention )\bunits?\b", text, re.IGNORECASE)]
