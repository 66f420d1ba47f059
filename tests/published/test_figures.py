import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.published import Agreement, PrintedFigure, agree, agreement


@pytest.mark.parametrize(
    ("written", "value", "text"),
    [
        ("0.27M", 270_000, "0.27M"),
        ("3.8e9", 3_800_000_000, "3.8×10⁹"),
        ("~4.1e9", 4_100_000_000, "~4.1×10⁹"),
        ("4.089G", 4_089_000_000, "4.089G"),
        ("25557032", 25_557_032, "25,557,032"),
    ],
)
def test_a_printed_figure_keeps_its_text_and_has_a_value(written: str, value: int, text: str) -> None:
    assert (PrintedFigure(written).value, PrintedFigure(written).text) == (value, text)


def test_what_is_no_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="no printed figure"):
        _ = PrintedFigure("fail").value


@pytest.mark.parametrize(
    ("written", "computed", "expected"),
    [
        ("0.27M", 269_722, Agreement.ROUNDED),
        ("3.8e9", 3_857_973_248, Agreement.CUT),
        ("3.8e9", 4_089_184_256, Agreement.DIFFERS),
        ("~4.1e9", 4_267_409_408, Agreement.CLOSE),
        ("4.1e9", 4_267_409_408, Agreement.DIFFERS),
        ("25557032", 25_557_032, Agreement.ROUNDED),
        ("25557032", 25_557_031, Agreement.DIFFERS),
        ("2.5e9", 2_449_999_999, Agreement.DIFFERS),
        ("2.5e9", 2_450_000_000, Agreement.ROUNDED),
    ],
)
def test_agreement_is_judged_at_the_printed_digits(written: str, computed: int, expected: Agreement) -> None:
    assert agreement(PrintedFigure(written), computed) is expected
    assert agree(PrintedFigure(written), computed) is (expected in (Agreement.ROUNDED, Agreement.CUT))


@given(st.integers(1, 10**12), st.integers(0, 3), st.sampled_from([("M", 10**6), ("G", 10**9), ("", 1)]))
def test_a_count_agrees_with_its_own_rounding(count: int, decimals: int, unit: tuple[str, int]) -> None:
    letter, scale = unit
    step = max(scale // 10**decimals, 1)
    tenths = (count + step // 2) // step * step
    written = f"{tenths / scale:.{decimals if scale > 1 else 0}f}{letter}"
    assert agreement(PrintedFigure(written), count) is Agreement.ROUNDED
