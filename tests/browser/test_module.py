"""The Module page as a person uses it."""

import pytest
from playwright.sync_api import Page, expect

from scripts.live import run_ended
from tests.browser.conftest import LONG, OpenPage

NET = "/module?net=resnet20_cifar10"


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    run_ended(page)


def test_resnet50_is_checked_while_the_page_answers(walk: OpenPage) -> None:
    page = walk("/module?net=resnet50&part=Cross-check")
    page.get_by_role("button", name="Check this network").click()
    tab(page, "Code and export")
    expect(page.get_by_text("class Bottleneck(nn.Module):").first).to_be_visible()
    tab(page, "Cross-check")
    expect(page.get_by_text("numbers agree exactly.")).to_be_visible(timeout=LONG)
    sums = "4,111,512,576 = 4,089,184,256 + 22,227,968 for BatchNorm + 100,352 for global average pool"
    expect(page.get_by_text(sums)).to_be_visible()


def test_code_is_downloaded_as_a_file(walk: OpenPage) -> None:
    page = walk(f"{NET}&part=Code+and+export")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Download the code").click()
    assert caught.value.suggested_filename == "resnet20_cifar10.py"
    assert "assert count == 269_722" in caught.value.path().read_text(encoding="utf-8")


def test_a_finished_export_is_still_offered_after_another_tab(walk: OpenPage) -> None:
    page = walk(f"{NET}&part=Code+and+export")
    page.get_by_role("button", name="Make torch.export").click()
    offered = page.get_by_role("button", name="Download resnet20_cifar10.pt2")
    expect(offered).to_be_visible(timeout=LONG)
    tab(page, "Feature maps")
    expect(offered).to_be_hidden()
    tab(page, "Code and export")
    with page.expect_download() as caught:
        offered.click()
    assert caught.value.suggested_filename == "resnet20_cifar10.pt2"
    assert caught.value.path().read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_feature_maps_show_branch_skip_and_sum(walk: OpenPage) -> None:
    page = walk(f"{NET}&part=Feature+maps")
    for title in ("Branch", "Skip", "Sum"):
        expect(page.get_by_text(title, exact=True)).to_be_visible()
    for described in (
        "The picture that runs through the network",
        *(f"{arm} of layer1.0" for arm in ("Branch", "Skip", "Sum")),
    ):
        picture = page.get_by_role("img", name=described)
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") >= 32
    page.get_by_text("Rings", exact=True).click()
    run_ended(page)
    expect(page.get_by_text("layer1.0, 16x32x32: 16 of its channels")).to_be_visible()


def test_another_preset_shows_another_module(walk: OpenPage) -> None:
    page = walk(f"{NET}&part=Code+and+export")
    page.get_by_role("combobox", name="Preset").fill("resnet18")
    page.get_by_role("option", name="resnet18", exact=True).click()
    expect(page.get_by_text("11_689_512").first).to_be_visible()


def test_the_box_for_a_configuration_says_kilobytes_and_no_megabytes(walk: OpenPage) -> None:
    page = walk("/?net=resnet20_cifar10")
    tab(page, "Configuration")
    expect(page.get_by_text("Open a configuration (YAML or JSON, at most 64.0 kB)")).to_be_visible()
    expect(page.get_by_text("1MB per file")).to_be_hidden()
