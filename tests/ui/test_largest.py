"""The largest legal networks on the pages that draw, list and compare: a bounded picture, or a sentence.

`python -m benchmarks.limits` opens every page and tab with each and measures it; here what is drawn is counted.
"""

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import ConfigError, ResNetConfig, expand, preset
from resviz.arch.fields import MAX_BLOCKS, MAX_UNLIKE
from resviz.diagram import Detail, draw
from resviz.diagram.comparison_document import levels_of
from resviz.profiling.jobs import PAGES
from resviz.report.headline import MAX_LISTED, crowded, layers_of
from resviz.report.structure import structure
from resviz.ui.queue import jobs
from scripts.largest import LARGEST

DRAWN = 10 * 10**6
"""Characters of a picture or a text that a browser shows without a stop."""


@pytest.mark.parametrize("name", LARGEST)
def test_what_a_page_draws_of_the_largest_networks_is_bounded(name: str) -> None:
    network = expand(LARGEST[name])
    assert sum(len(stage.runs) for stage in network.stages) <= MAX_UNLIKE + 2 * len(network.stages)
    levels = [Detail.STAGES, Detail.BLOCKS] if crowded(network) else list(Detail)
    for detail in levels:
        picture = draw(network, detail)
        assert len(picture.nodes) <= MAX_LISTED + 1_000
        assert len(picture.svg) < DRAWN
    assert len(structure(network)) < DRAWN / 5


def test_blocks_that_all_differ_are_refused_from_the_first_that_is_too_many() -> None:
    def rows(depth: int) -> ResNetConfig:
        return preset("repvgg_a0").with_(
            depths=(depth,), widths=(8,), stage_strides=(1,), groups=2, grouped_units="every_second"
        )

    assert len(expand(rows(MAX_UNLIKE)).stages[0].runs) == MAX_UNLIKE
    with pytest.raises(ConfigError, match="601 blocks that differ from the one before, by grouped_units"):
        rows(MAX_UNLIKE + 1)


def test_blocks_that_grow_now_and_then_are_taken_together_in_between() -> None:
    grown = LARGEST["growing"]
    network = expand(grown)
    assert sum(grown.depths) == MAX_BLOCKS == sum(len(stage.blocks) for stage in network.stages)
    with pytest.raises(ConfigError, match=r"602 blocks .* by width_growth 'additive'; at most 600"):
        grown.with_(widths=(grown.widths[0] + 1,))


def test_networks_of_too_many_layers_together_are_compared_by_blocks() -> None:
    deep, usual = expand(preset("resnet1202_cifar10")), expand(preset("resnet50"))
    assert Detail.LAYERS in levels_of([deep, deep])
    assert levels_of([deep, deep, deep]) == (Detail.STAGES, Detail.BLOCKS)
    assert Detail.LAYERS in levels_of([usual] * 4)


def opened(page: str, config: ResNetConfig, **held: object) -> AppTest:
    script = f"""
from resviz.arch import ResNetConfig
from resviz.ui import state, {page}
state.start()
state.show(ResNetConfig.from_text({config.to_json()!r}), "resnet50")
{page}.page()
"""
    app = AppTest.from_string(script, default_timeout=60)
    for key, value in held.items():
        app.session_state[key.replace("__", ".")] = value
    app.run()
    assert not app.exception
    return app


def test_networks_that_are_too_deep_to_compare_layer_by_layer_say_so_beside_their_totals() -> None:
    app = opened("compare", LARGEST["deepest"])
    first, other = expand(LARGEST["deepest"]), expand(preset("resnet50_v1"))
    assert f"{layers_of(first) + layers_of(other):,} layers together" in app.info[0].value
    assert "compares at most 50,000 one by one" in app.info[0].value


def test_a_design_space_that_takes_long_is_counted_in_the_queue_with_a_stop() -> None:
    app = opened("design", LARGEST["alternating"])
    (job,) = jobs().all(PAGES)
    assert job.title.startswith("Design space of")
    assert [button.label for button in app.button] == ["Stop"]
    app.button[0].click().run()
    jobs().wait(job.id, 60)
    assert jobs().progress(job.id).state == "stopped"  # type: ignore[union-attr]  # it is remembered
    assert "stopped" in app.run().info[0].value


def test_a_usual_design_space_is_counted_at_once() -> None:
    app = opened("design", preset("resnet50"))
    assert not jobs().all(PAGES)
    assert "108 configurations." in [caption.value for caption in app.caption]


def test_the_single_changes_to_many_blocks_that_differ_are_counted_in_the_queue() -> None:
    app = opened("compare", LARGEST["scaled"], question="What if")
    for job in jobs().all(PAGES):
        assert job.title.startswith("Changes to")
        jobs().wait(job.id, 60)
    assert "resviz.work.what if.job" in app.session_state
    assert len(app.run().dataframe) == 1
