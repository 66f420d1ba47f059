"""Style and scripts of a lesson in one file, kept in `assets`."""

from pathlib import Path


def lesson_text(name: str) -> str:
    """Return a file of `assets` as text."""
    return (Path(__file__).with_name("assets") / name).read_text(encoding="utf-8")
