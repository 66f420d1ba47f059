"""Text from strangers: read as what it says, or refused at once with a short sentence."""

import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from resviz.arch import ConfigError, ResNetConfig, preset
from resviz.arch.document import MAX_TEXT, read, write_yaml

LONGEST = 2_000
"""Characters of a sentence; several problems may stand in it."""
QUICK = 2.0
"""Seconds of this process."""


def merges(levels: int) -> str:
    lines = [f"a{level}: &a{level}\n  <<: [{', '.join([f'*a{level - 1}'] * 4)}]" for level in range(1, levels)]
    return "\n".join(["a0: &a0 {x: 1}", *lines])


REFUSED = {  # text; words of its sentence
    "merge bomb": (merges(14), "&a0 in line 1: anchors and aliases are not read"),
    "anchor in use": ("depths: &d [3, 4, 6, 3]\nwidths: *d", "&d in line 1"),
    "merge of a mapping": ("name: x\n<<: {name: y}", "merges with << in line 2"),
    "type of a word": ("name: !!bool maybe", "names the type tag:yaml.org,2002:bool"),
    "type of a number": ("num_classes: !!int _", "names the type"),
    "type of a date": ("name: !!timestamp x", "names the type"),
    "object": ("!!python/object:os.system {}", "names the type"),
    "number without digits": ("num_classes: 0b_", "'0b_' in line 1, which is no number"),
    "sexagesimal float": (f"dropout: {':'.join(['1'] * 3000)}.5", "dropout"),
    "whole number of 16,000 digits": (f"num_classes: {'9' * 16_000}", "no number"),
    "whole number of 16,000 digits in JSON": (f'{{"num_classes": {"9" * 16_000}}}', "no number"),
    "hexadecimal of 16,000 digits": (f"num_classes: 0x{'f' * 16_000}", "no number"),
    "hexadecimal key": (f"? 0x{'f' * 16_000}\n: 1", "does not exist"),
    "list for a key": ("? [1]\n: 2", "a key is a word"),
    "deep lists": ("[" * 16_000, "nests more than 16"),
    "deep lists, closed": (f"{'[' * 900}{']' * 900}", "nests more than 16"),
    "deep mappings": ('{"a":' * 3_000, "nests more than 16"),
    "deep blocks": ("- " * 8_000, "nests more than 16"),
    "long text": ("#" * (MAX_TEXT + 1), f"at most {MAX_TEXT:,} are read"),
    "thousands of unknown keys": ("\n".join(f"key{n}: 1" for n in range(1_200)), "1,197 more like these are left out"),
    "one long key": (f"{'k' * 1000}: 1", "does not exist"),
    "a list of 5,000 words": (f"depths: [{'a, ' * 5_000}]", "4,997 more like these"),
    "two documents": ("name: x\n---\nname: y", "another document in line 2"),
    "half a pair of surrogates": ('{"name": "\\ud83d"}', "name"),
    "key with half a pair": ('{"\\ud83d": 1}', "unicode"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_text_that_is_not_read_is_refused_at_once_in_a_short_sentence(case: str) -> None:
    text, words = REFUSED[case]
    begun = time.process_time()
    with pytest.raises(ConfigError) as caught:
        ResNetConfig.from_text(text)
    sentence = str(caught.value)
    assert words in sentence
    assert len(sentence) < LONGEST
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert time.process_time() - begun < QUICK


def test_a_problem_of_every_known_field_is_told_beside_thousands_that_are_unknown() -> None:
    with pytest.raises(ConfigError) as caught:
        ResNetConfig.from_dict({f"key{n}": n for n in range(1000)} | {"groups": 0, "dropout": 2})
    assert {"groups", "dropout"} <= {problem.field for problem in caught.value.problems}


@given(st.text(min_size=1, max_size=80))
def test_any_name_comes_back_from_yaml_and_json(name: str) -> None:
    config = preset("resnet50").with_(name=name)
    assert ResNetConfig.from_text(config.to_yaml()) == config
    assert ResNetConfig.from_text(config.to_json()) == config


@pytest.mark.parametrize(
    "name",
    ["\U0001f600", "a\x85b", "a\u2028b", "\ufeff", "a\r\nb", "1:20", "2020-01-01", "1e5", "~", "<<", "=", "0x1F"],
)
def test_names_that_yaml_takes_for_something_else_come_back(name: str) -> None:
    config = preset("resnet50").with_(name=name)
    assert ResNetConfig.from_text(config.to_yaml()).name == name
    assert ResNetConfig.from_text(config.to_json()).name == name


def test_letters_stay_letters_in_yaml() -> None:
    assert write_yaml({"name": "сеть", "depths": [1, 2]}) == "name: сеть\ndepths: [1, 2]\n"


@pytest.mark.parametrize(
    "text", ["{name: x}", '{"name": "x"}', "name: x", '"name": x', "\ufeffname: x", '\ufeff{"name":"x"}']
)
def test_json_and_both_styles_of_yaml_are_read(text: str) -> None:
    assert read(text) == {"name": "x"}


def test_yaml_of_others_reads_as_yaml_has_it() -> None:
    text = "a: [1, 2.5, true, no, null, ~, 0x10, 'x', 1e3]\nb:\n  c: |\n    two\n    lines\n"
    assert read(text) == yaml.safe_load(text)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN.filter(lambda data: isinstance(data, list | dict)))
def test_plain_data_comes_back_from_json(data: object) -> None:
    assert read(json.dumps(data)) == data
