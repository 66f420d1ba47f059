"""How long a measurement will take: from the run most like it, else from the data sheet, else from nothing."""

from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from resviz.arch import expand, preset
from resviz.profiling.breakdown import ROUNDS, WARMUP
from resviz.profiling.estimate import estimate
from resviz.profiling.expected import expected, step_count
from resviz.profiling.jobs import Progress
from resviz.profiling.past import runs_of, runs_table
from resviz.profiling.protocol import PROTOCOLS
from resviz.profiling.rows import RUNS
from resviz.profiling.store import Store
from tests.profiling.conftest import BRIEF, profile_of

NET = expand(preset("resnet18"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'runs.db'}")


def test_a_step_is_scaled_by_macs_and_batch_from_another_nets_run(store: Store) -> None:
    other = preset("resnet50")
    store.add(profile_of(config=other, samples=(0.1,) * 3, batch=4))
    found = expected(store, NET, "A CPU", BRIEF.with_(batch=2), parts=False)
    assert found
    assert found.step == pytest.approx(0.1 / 2 * NET.macs / expand(other).macs)
    assert found.steps == BRIEF.warmup + BRIEF.steps
    assert found.seconds == pytest.approx(found.step * found.steps)
    assert "going by resnet50 at batch 4" in found.sentence


def test_the_run_most_like_the_measurement_tells(store: Store) -> None:
    store.add(
        profile_of(config=preset("resnet18"), samples=(0.7,) * 3, batch=64),
        profile_of(config=preset("resnet18"), samples=(0.02,) * 3, batch=2),
        profile_of(config=preset("resnet50"), samples=(9.0,) * 3, batch=2),
        profile_of(config=preset("resnet18"), samples=(5.0,) * 3, protocol=BRIEF.with_(precision="bf16")),
    )
    found = expected(store, NET, "A CPU", BRIEF.with_(batch=2), parts=False)
    assert found
    assert found.step == pytest.approx(0.02)


def test_a_run_on_another_device_tells_nothing(store: Store) -> None:
    store.add(profile_of(config=preset("resnet18"), device="Another CPU"))
    assert expected(store, NET, "A CPU", BRIEF, parts=False) is None


def test_a_gpu_that_was_never_measured_is_estimated(store: Store) -> None:
    protocol = PROTOCOLS["throughput"]
    found = expected(store, NET, "NVIDIA GeForce RTX 4090", protocol, parts=False)
    guess = estimate(preset("resnet18"), "RTX 4090", precision="amp", memory_format="nhwc", batch=protocol.batch)
    assert found
    assert found.step == guess.seconds
    assert "data sheet" in found.sentence


def test_timing_each_layer_takes_three_steps_a_round() -> None:
    slim = PROTOCOLS["slim"]
    assert step_count(slim, parts=False) == 110
    assert step_count(slim, parts=True) == 110 + WARMUP + 3 * ROUNDS


def test_a_training_step_goes_by_training_steps_alone(store: Store) -> None:
    train = BRIEF.with_(step="train", batch=2)
    store.add(profile_of(config=preset("resnet18"), samples=(0.02,) * 3))
    assert expected(store, NET, "A CPU", train, parts=False) is None
    store.add(profile_of(config=preset("resnet18"), samples=(0.06,) * 3, protocol=train))
    found = expected(store, NET, "A CPU", train, parts=False)
    assert found
    assert found.step == pytest.approx(0.06)
    assert found.steps == train.warmup + 2 * train.steps  # the steps once more, each taken apart
    forward = expected(store, NET, "A CPU", BRIEF.with_(batch=2), parts=False)
    assert forward
    assert forward.step == pytest.approx(0.02)
    assert [row.step for row in runs_of(store, preset("resnet18"), steps=("forward",))] == ["forward"]
    assert {row[1] for row in runs_table(runs_of(store, preset("resnet18"))).cells} == {"forward pass", "training step"}


def test_the_runs_of_a_network_are_its_own_whatever_they_are_called(store: Store) -> None:
    mine = profile_of(config=preset("resnet18"))
    store.add(mine, profile_of(config=preset("resnet50").with_(name="resnet18")))
    rows = runs_of(store, preset("resnet18"))
    assert [row.id for row in rows] == [mine.id]
    assert runs_table(rows).cells[0][:3] == ("2026-01-02 03:04", "forward pass", "2")


def test_what_is_left_of_a_phase_goes_by_its_pace() -> None:
    job = Progress("1", "cpu", "net", "running", done=4, total=10, began=100.0, told=102.0)
    assert job.left == pytest.approx(3.0)
    assert Progress("1", "cpu", "net", "running", total=10).left is None


def test_a_row_that_another_program_has_spoilt_tells_nothing(store: Store) -> None:
    for change in ({"batch": 0}, {"median": "soon"}, {"median": 0.0}):
        run = profile_of(config=preset("resnet18"))
        store.add(run)
        with store._engine.begin() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run.id).values({"doubts": ""}))
            for name, value in change.items():
                connection.execute(text(f"UPDATE {RUNS.name} SET {name} = :value"), {"value": value})
        assert expected(store, NET, "A CPU", BRIEF, parts=False) is None
        assert runs_of(store, preset("resnet18")) == ()


def test_a_run_that_an_earlier_release_adds_is_a_forward_pass(store: Store) -> None:
    run = profile_of(config=preset("resnet18"))
    store.add(run)
    with store._engine.begin() as connection:
        (kept,) = connection.execute(select(RUNS).where(RUNS.c.id == run.id)).mappings().all()
        earlier = {name: value for name, value in kept.items() if name != "step"} | {"id": "0" * 32}
        connection.execute(insert(RUNS).values(earlier))
    assert {row.step for row in store.rows(steps=("forward",))} == {"forward"}
    assert len(store.rows(steps=("forward",))) == 2
