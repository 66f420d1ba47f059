"""Training: deterministic by seed, counted by hand, stopped at any step, read back from its files."""

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from resviz.arch import expand
from resviz.errors import Stopped, TrainingError
from resviz.nn import build
from resviz.training import Experiment, Result, net, train
from resviz.training.digits import digits
from resviz.training.experiment import TEST, TRAIN
from resviz.training.gradients import at_initialisation
from resviz.training.loop import evaluate
from resviz.training.recorded import COMMAND, recorded
from resviz.training.tables import outcome_table, points_table, to_csv
from resviz.training.trained import trained


def test_the_digits_are_split_once_with_no_picture_in_both_parts() -> None:
    data = digits()
    assert (len(data.train_images), len(data.test_images)) == (TRAIN, TEST)
    assert data.train_images.mean().item() == pytest.approx(0, abs=1e-5)
    assert data.train_images.std().item() == pytest.approx(1, abs=1e-3)
    train_rows = {tuple(row) for row in data.train_images.flatten(1).tolist()}
    assert not train_rows & {tuple(row) for row in data.test_images.flatten(1).tolist()}
    assert data.test_labels.bincount().min() >= 34  # of each class a fifth


def test_the_same_seed_trains_the_same_to_the_bit_and_another_does_not(tiny: Experiment, trained_once: Result) -> None:
    torch.rand(3)  # what others draw in between changes nothing
    again = train(tiny)
    assert [run.points for run in again.runs] == [run.points for run in trained_once.runs]
    other = train(replace(tiny, seeds=(1,)))
    assert [run.points for run in other.runs] != [run.points for run in trained_once.runs]


def test_stochastic_depth_is_drawn_from_the_seed_and_torchs_generator_is_left_alone() -> None:
    experiment = Experiment((net("residual-8-w4-drop90"),), epochs=1, seeds=(3,), batch=256)
    torch.manual_seed(11)
    expected = torch.rand(2)
    torch.manual_seed(11)
    first = train(experiment).runs[0].points
    assert torch.equal(torch.rand(2), expected)
    assert train(experiment).runs[0].points == first
    without = Experiment((net("residual-8-w4"),), epochs=1, seeds=(3,), batch=256)
    assert train(without).runs[0].points[0] == first[0]  # the same first weights
    assert train(without).runs[0].points[-1] != first[-1]


def test_accuracy_and_loss_are_those_counted_by_hand(tiny: Experiment, trained_once: Result) -> None:
    data = digits()
    for run in trained_once.runs:
        config = next(each for each in tiny.nets if each.name == run.net)
        module = trained(config, tiny, 0)
        logits = module(data.test_images).detach()
        right = sum(
            row.index(max(row)) == label for row, label in zip(logits.tolist(), data.test_labels.tolist(), strict=True)
        )
        losses = [-row.log_softmax(0)[label].item() for row, label in zip(logits, data.test_labels, strict=True)]
        assert run.points[-1].accuracy == pytest.approx(right / TEST)
        assert run.points[-1].test_loss == pytest.approx(sum(losses) / TEST, rel=1e-4)


def test_the_first_point_is_the_untrained_net_and_each_epoch_ends_in_one(trained_once: Result) -> None:
    run = trained_once.runs[0]
    assert [point.epoch for point in run.points] == [0.0, 0.5, 1.0]
    module = build(trained_once.experiment.nets[0], device="cpu", seed=0)
    loss, accuracy = evaluate(module, digits().test_images, digits().test_labels)
    assert (run.points[0].test_loss, run.points[0].accuracy) == (pytest.approx(loss), accuracy)
    assert run.points[0].training_loss is None
    assert run.points[1].training_loss == pytest.approx(math.log(10), abs=0.3)  # three steps from ten equal classes


def test_a_net_learns() -> None:
    experiment = Experiment((net("residual-8"),), epochs=2, seeds=(0,))
    assert train(experiment).rows[0].accuracies[0] > 0.85


def test_training_stops_before_any_step_with_what_there_is(tiny: Experiment) -> None:
    seen: list[Result] = []

    def report(phase: str, done: int, total: int) -> None:
        assert total == 2 * tiny.steps
        if done == tiny.steps + 4:  # the second net, after its first point
            raise Stopped("enough")

    found = train(tiny, report=report, watch=seen.append)
    assert found.ended == "stopped"
    assert [(run.net, run.ended) for run in found.runs] == [("plain-8-w4", "trained"), ("residual-8-w4", "cut short")]
    assert found.runs[1].points
    assert [len(result.runs) for result in seen] == [1, 1, 1, 2, 2]
    assert found.rows[1].mean is None
    assert found.summary() == "Stopped after 1 of 2 runs."


def test_the_time_limit_ends_it(tiny: Experiment) -> None:
    now = iter(range(10_000))
    found = train(replace(tiny, limit=11), clock=lambda: float(next(now)))
    assert found.ended == "out of time"
    assert "time limit of 11 s" in found.summary()


def test_a_run_that_diverges_is_said_to(tiny: Experiment) -> None:
    found = train(replace(tiny, nets=(net("residual-200-w4-nobn"),), rate=10.0))
    assert found.runs[0].ended == "diverged"
    assert Result.from_json(found.to_json()) == found


def test_documents_are_read_back(trained_once: Result) -> None:
    assert Result.from_json(trained_once.to_json()) == trained_once
    lines = list(csv.DictReader(io.StringIO(to_csv(points_table(trained_once)))))
    assert len(lines) == sum(len(run.points) for run in trained_once.runs)
    last = trained_once.runs[-1].points[-1]
    assert float(lines[-1]["Test accuracy"]) == last.accuracy
    assert float(lines[-1]["Training loss"]) == last.training_loss


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(format="resviz profile"),
        lambda data: data.update(more=1),
        lambda data: data["runs"][0].update(net="another"),
        lambda data: data["runs"][0]["points"][0].update(accuracy=1.5),
        lambda data: data["runs"].append(data["runs"][0]),
        lambda data: data["experiment"].update(epochs=99),
        lambda data: data["experiment"]["nets"][0].update(stem="none such"),
    ],
)
def test_a_document_that_cannot_be_is_refused(change: object, trained_once: Result) -> None:
    data = json.loads(trained_once.to_json())
    change(data)  # type: ignore[operator]  # one of the above
    with pytest.raises(TrainingError):
        Result.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", "x" * 3_000_000])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(TrainingError):
        Result.from_json(text)


def test_the_recorded_run_is_the_classic_experiment_whole() -> None:
    result = recorded()
    assert result.experiment.command is not None
    assert (result.ended, len(result.runs)) == ("all trained", 12)
    assert COMMAND.split()[:2] == result.experiment.command.split()[:2]
    assert [row.runs for row in result.rows] == [3, 3, 3, 3]


def test_the_recorded_run_shows_degradation_and_its_cure() -> None:
    plain8, residual8, plain56, residual56 = (row.mean or 0 for row in recorded().rows)
    assert min(plain8, residual8, residual56) > 0.95
    assert plain56 < 0.4


def test_the_table_has_mean_and_spread_over_seeds() -> None:
    rows = outcome_table(recorded()).rows
    shares = [run.points[-1].accuracy for run in recorded().runs if run.net == "plain-56"]
    name, mean, spread, low, high, runs, _, _, depth, params = rows[2]
    assert (name, depth, runs) == ("plain-56", 56, 3)
    assert params == expand(net("plain-56")).params
    assert mean == pytest.approx(sum(shares) / 3)
    assert spread == pytest.approx((sum((share - mean) ** 2 for share in shares) / 2) ** 0.5)
    assert (low, high) == (min(shares), max(shares))


def test_the_documents_state_what_was_recorded_and_the_gradients_of_their_seed() -> None:
    text = (Path(__file__).parents[2] / "docs" / "laboratory.md").read_text(encoding="utf-8")
    assert f"`{recorded().experiment.command}`" in text
    table = outcome_table(recorded())
    for cells in table.cells:
        by_header = dict(zip(table.headers, cells, strict=True))
        shown = ("Net", "Test accuracy", "± sd", "Lowest", "Highest", "Training loss", "Parameters")
        assert f"| {' | '.join(by_header[header] for header in shown)} |" in text
    for name in ("plain-56", "residual-56"):
        norms = [
            layers[place].norm
            for layers in (at_initialisation(net(f"{name}{norm}"), 0).layers for norm in ("", "-nobn"))
            for place in (0, len(layers) // 2, -1)
        ]
        stated = [line for line in text.splitlines() if line.startswith(f"| {name} |")][1]
        assert [float(cell) for cell in stated.split("|")[2:-1]] == pytest.approx(norms, rel=0.02)
