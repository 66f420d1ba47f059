import pytest

from resviz.arch import PRESETS, expand, preset
from resviz.report.paper import errors_table, printed_table


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("resnet110_cifar10_half_skip", "fail"),
        ("resnet110_cifar10_half_both", "12.35%"),
        ("resnet110_cifar10_exclusive_gate", "8.70%"),
        ("resnet110_cifar10_shortcut_gate", "6.91%"),
        ("resnet110_cifar10_conv_shortcut", "12.22%"),
        ("resnet110_cifar10_dropout_shortcut", "fail"),
        ("resnet110_cifar10_bn_after_add", "8.17%"),
        ("resnet164_cifar10_relu_only_preact", "5.91%"),
        ("preact_resnet1001_cifar10", "4.92%"),
    ],
)
def test_ablations_stand_beside_their_published_errors(name: str, error: str) -> None:
    assert error in [row[0] for row in errors_table(preset(name)).rows]


def test_a_net_that_nobody_printed_has_no_errors() -> None:
    assert not errors_table(preset("resnet50").with_(depths=(3, 4, 7, 3))).rows


def test_every_error_has_its_protocol_and_source() -> None:
    rows = [row for name in PRESETS for row in errors_table(preset(name)).rows]
    assert rows
    assert all(data and source for _, _, data, _, source, _ in rows)


def test_a_judgement_stands_beside_the_figures_it_concerns() -> None:
    config = preset("resnet152").with_(depths=(3, 24, 36, 3), order="full_preact")
    (row,) = [row for row in errors_table(config).rows if row[0] == "21.7%"]
    assert "Our judgement: The paper cites He et al. 2016" in row[-1]
    whys = [row[6] for row in printed_table(config, expand(config)).rows]
    assert any("Our judgement" in (why or "") for why in whys)
