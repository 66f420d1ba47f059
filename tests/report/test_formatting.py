"""Numbers read as the field prints them, whatever their size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.report import formatting


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1.00 k"),
        (9_999, "10.0 k"),
        (999_499, "999 k"),
        (999_500, "1.00 M"),
        (25_557_032, "25.6 M"),
        (4_089_184_256, "4.09 G"),
        (-231_211_008, "−231 M"),
        (0.5, "0.500"),
        (10**15, "1.00 P"),
        (3 * 10**18, "3000 P"),
    ],
)
def test_short_counts_have_three_digits_and_a_power_of_1000(count: float, text: str) -> None:
    assert formatting.short(count) == text


@given(st.integers(0, 10**17))
def test_a_short_count_is_within_half_a_per_cent(count: int) -> None:
    number, _, power = formatting.short(count).partition(" ")
    value = float(number) * 1000 ** ["", "k", "M", "G", "T", "P"].index(power)
    assert value == pytest.approx(count, rel=0.005)


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (102_228_128, "102 MB")]
)
def test_sizes_are_bytes_in_powers_of_1000(count: int, text: str) -> None:
    assert formatting.size(count) == text


def test_exact_counts_group_their_digits() -> None:
    assert formatting.exact(25_557_032) == "25,557,032"
    assert formatting.exact(-1000) == "−1,000"


def test_differences_say_their_sign() -> None:
    assert formatting.signed(231_211_008) == "+231,211,008"
    assert formatting.signed(-1) == "−1"
    assert formatting.signed(0) == "0"
    assert formatting.signed_short(231_211_008) == "+231 M"


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [(4, 5, "+25.0%"), (4, 3, "−25.0%"), (4, 4, "0.0%"), (0, 4, "new"), (4, 0, "−100.0%")],
)
def test_a_change_is_a_signed_percentage_of_what_was(before: int, after: int, text: str) -> None:
    assert formatting.change(before, after) == text


def test_a_share_too_small_to_see_has_no_sign() -> None:
    assert formatting.percent(-0.0001) == "0.0%"
    assert formatting.percent(0.125) == "12.5%"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (4.5e-7, "450 ns"),
        (1.2345e-5, "12.3 µs"),
        (0.00123, "1.23 ms"),
        (0.9999, "1.00 s"),
        (90, "90.0 s"),
    ],
)
def test_durations_choose_their_unit(seconds: float, text: str) -> None:
    assert formatting.duration(seconds) == text


def test_units_stand_beside_the_number() -> None:
    assert formatting.macs(4_089_184_256) == "4.09 G MACs"
    assert formatting.shape((64, 56, 56)) == "64x56x56"
    assert formatting.plural(1, "block") == "1 block"
    assert formatting.plural(1202, "layer") == "1,202 layers"
