"""How far the makers' figures were checked: which pages of others print the same, and what nobody was found to print.

Column `agrees` of peaks.csv and chips.csv: pages with the figures that each prints, ``page: fp32 half; page: all``, or
``unchecked``. No maker's document could be opened for the check of November 2026. Two figures agree where they are
equal once rounded to the fewer digits.
"""

from dataclasses import dataclass

FIGURES = {
    "fp32": "FP32 rate",
    "tf32": "TF32 rate",
    "half": "FP16 rate",
    "bandwidth": "bandwidth",
    "multiprocessors": "multiprocessors",
    "cache": "cache",
}
"""What is printed of a device, by the word of the column."""
ALL, UNCHECKED = "all", "unchecked"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures of a row, and the pages that print the same, each with those that it prints."""

    figures: tuple[str, ...]
    pages: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def read(cls, text: str, figures: tuple[str, ...]) -> "Agreement":
        """Return what a cell says of the figures of its row. Raises ValueError for a word that is none of them."""
        if text == UNCHECKED:
            return cls(figures)
        pages = []
        for each in text.split("; "):
            page, words = each.rsplit(": ", 1)
            printed = figures if words == ALL else tuple(words.split())
            if not page or not printed or set(printed) - set(figures):
                raise ValueError(f"{each!r} does not name figures among {', '.join(figures)}")
            pages.append((page, printed))
        return cls(figures, tuple(pages))

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The figures that no page was found to print."""
        return tuple(each for each in self.figures if not self.printed_by(each))

    def printed_by(self, figure: str) -> tuple[str, ...]:
        """Return the pages that print the same figure."""
        return tuple(page for page, printed in self.pages if figure in printed)

    @property
    def sentence(self) -> str:
        """How far the figures were checked against something that could be opened."""
        if not self.pages:
            return (
                "Unchecked: the maker's document could not be opened, and no other page with these figures was found."
            )
        said = "; ".join(f"{page} ({self._words(printed)})" for page, printed in self.pages)
        rest = f" Unchecked: {self._words(self.unchecked)}." if self.unchecked else ""
        return f"The maker's document could not be opened; these pages print the same: {said}.{rest}"

    def _words(self, figures: tuple[str, ...]) -> str:
        return ALL if figures == self.figures else ", ".join(FIGURES[each] for each in figures)
