"""Every step of every lesson: it opens, its numbers are computed, its questions have answers, its links open."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from resviz.arch import expand
from resviz.arch.links import decode, encode
from resviz.diagram import Drawing
from resviz.errors import UnknownNameError
from resviz.lessons.controls import Choice, Settings, Slider, Toggle
from resviz.lessons.experiments import EXPERIMENTS
from resviz.lessons.figures import MATH, filled, number
from resviz.lessons.lesson import Lesson, Step
from resviz.lessons.reading import NAMES, lesson, lessons, parsed
from resviz.lessons.shown import Diagram, Shown
from resviz.ui import pages

STEPS = [(one, index) for one in lessons() for index in range(len(one.steps))]
IDS = [f"{one.name}-{index + 1}" for one, index in STEPS]
every_step = pytest.mark.parametrize(("one", "index"), STEPS, ids=IDS)


def show(step: Step) -> Shown:
    return EXPERIMENTS[step.experiment].show(Settings(step.settings))


def texts(step: Step) -> list[str]:
    asked = [step.question.ask, step.question.answer, *step.question.choices] if step.question else []
    return [step.text, step.caption, *asked]


def names_a_node(path: str, picture: Drawing) -> bool:
    """Whether a path is that of a node, of a shortcut, or of a block that a folded run holds."""
    paths = {node.path for node in picture.nodes} | {edge.path for edge in picture.edges}
    if path in paths or path.removesuffix(".shortcut") in paths:
        return True
    stage, _, block = path.removesuffix(".shortcut").partition(".")
    spans = (found for each in paths if (found := re.fullmatch(rf"{stage}\.(\d+)-(\d+)", each)))
    return any(int(span[1]) <= int(block) <= int(span[2]) for span in spans if block.isdecimal())


@every_step
def test_a_step_opens_and_every_placeholder_is_filled(one: Lesson, index: int) -> None:
    step = one.steps[index]
    what = show(step)
    assert what.parts or EXPERIMENTS[step.experiment].run, "nothing is shown"
    facts = what.facts if what.parts else dict.fromkeys(re.findall(r"\[\[([^:\]]+)\]\]", step.caption), "")
    for text in texts(step):
        assert "[[" not in filled(text, facts)
        assert text.count("$$") % 2 == 0
        for line in text.splitlines():
            assert line.count("$$") in (0, 2), "Markdown takes what follows an opening $$ on its line for no formula"
        assert "$" not in MATH.sub("", text), "a formula is open"


@every_step
def test_a_question_has_an_answer(one: Lesson, index: int) -> None:
    question = one.steps[index].question
    if question is None:
        return
    assert question.ask
    assert question.answer
    if question.choices:
        assert len(set(question.choices)) == len(question.choices) > question.right >= 0
    elif question.number:
        assert number(question.number) > 0
    else:
        assert show(one.steps[index]).targets


@every_step
def test_what_a_step_offers_and_points_out_is_there(one: Lesson, index: int) -> None:
    step = one.steps[index]
    controls = EXPERIMENTS[step.experiment].controls
    for name in step.offers:
        value, control = step.settings[name], controls[name]
        match control:
            case Choice():
                assert str(value) in control.options
            case Slider():
                assert control.low <= value <= control.high
                assert (value - control.low) % control.step == 0
            case Toggle():
                assert isinstance(value, bool)
            case _:
                assert isinstance(value, str)
    pictures = [part.picture for part in show(step).parts if isinstance(part, Diagram)]
    for path in step.highlights:
        assert any(names_a_node(path, picture) for picture in pictures), path


@every_step
def test_links_open(one: Lesson, index: int) -> None:
    addresses = {"", *re.findall(r'url_path="(\w+)"', Path(pages.__file__).read_text(encoding="utf-8"))}
    for text in texts(one.steps[index]):
        assert "](/" not in text, "an address without its server: write resviz:page"
        for target in re.findall(r"\]\(resviz:([^)]*)\)", text):
            page, _, query = target.partition("?")
            assert page in addresses
            given = dict(parse_qsl(query))
            for word in filter(None, (given.get("net"), given.get("with"))):
                expand(decode(word)[0])
            if page == "learn":
                assert int(given.get("step", 1)) <= len(lesson(given["lesson"]).steps)
    for part in show(one.steps[index]).parts:
        if isinstance(part, Diagram) and part.config is not None:
            word = encode(part.config)
            assert expand(decode(word)[0]).macs == part.network.macs


@pytest.mark.parametrize("one", lessons(), ids=NAMES)
def test_a_lesson_cites_and_says_what_it_is_about(one: Lesson) -> None:
    assert one.summary.endswith(".")
    assert len(one.short) <= 18
    assert one.sources
    assert all(re.search(r"\d{4}|Sec\.|torch|timm|README|TF-slim", source) for source in one.sources)
    assert len(one.steps) >= 4
    assert any(step.question for step in one.steps)


@every_step
def test_a_step_that_takes_the_readers_network_takes_any_that_is_like_it(one: Lesson, index: int) -> None:
    step = one.steps[index]
    if not step.mine:
        return
    experiment = EXPERIMENTS[step.experiment]
    for word in ("resnet18", "wrn28_10_cifar10", "resnet50~depths~1-1~widths~64-128~stage_strides~1-2"):
        assert experiment.show(Settings(step.settings, decode(word)[0])).parts


@pytest.mark.parametrize(
    ("net", "dashed"),
    [
        ("resnet18", ("layer2.0", "layer3.0", "layer4.0")),
        ("resnet50", ("layer1.0", "layer2.0", "layer3.0", "layer4.0")),
    ],
)
def test_the_blocks_to_find_are_the_dashed_ones_and_the_picture_shows_no_shortcut(
    net: str, dashed: tuple[str, ...]
) -> None:
    what = EXPERIMENTS["hidden"].show(Settings({"net": net}))
    assert what.targets == dashed
    (part,) = what.parts
    assert isinstance(part, Diagram)
    assert part.picture.shortcuts == (0, 0)
    assert set(dashed) <= {node.path for node in part.picture.nodes}


def test_a_lesson_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="lesson 'blok' does not exist; did you mean block"):
        lesson("blok")


def test_a_key_that_a_lesson_lacks_is_refused() -> None:
    step = {"title": "t", "text": "t", "experiment": "network", "colour": "red"}
    with pytest.raises(TypeError, match="colour"):
        parsed("x", {"title": "t", "short": "t", "summary": "t", "sources": [], "steps": [step]})
