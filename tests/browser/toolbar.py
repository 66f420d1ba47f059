"""The toolbar of the diagram, as a person uses it."""

from playwright.sync_api import Page

from scripts.live import run_ended

IN_OPTIONS = ("Direction", "Colour by")


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of one of the toolbar's boxes, in its menu where it stands there."""
    run_ended(page)
    if label in IN_OPTIONS:
        page.get_by_role("button", name="Options").click()
    page.get_by_role("combobox", name=label).select_option(label=option)
    if label in IN_OPTIONS:
        page.keyboard.press("Escape")
    run_ended(page)
