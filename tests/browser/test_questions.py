"""A student's questions and a teacher's, by the steps that a person takes; the answer is read from the screen."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from scripts.live import run_ended
from tests.browser.conftest import OpenPage
from tests.browser.toolbar import choose

PROJECTOR: ViewportSize = {"width": 853, "height": 480}


def pick(page: Page, typed: str, name: str) -> None:
    """Type a network's name as people write it and take the first row."""
    box = page.get_by_role("combobox", name="Preset")
    box.click()
    expect(page.get_by_role("option", name=name, exact=True)).to_be_attached()
    box.fill(typed)
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    run_ended(page)


def test_why_is_the_shortcut_of_conv2_x_dashed_in_resnet50_too(open_page: OpenPage) -> None:
    page = open_page()
    search = page.get_by_role("searchbox", name="Find a layer")
    search.fill("dashed")
    search.press("Enter")
    facts = page.get_by_role("region", name="Details")
    expect(facts).to_contain_text("dashed: the shape changes, from 64 to 256 channels; the map stays 56x56")
    expect(facts).to_contain_text(re.compile(r"B: projection where the shape changes.*used here\s*C:", re.DOTALL))


def test_where_are_the_50_layers(walk: OpenPage) -> None:
    page = walk("/?net=resnet50")
    facts = page.get_by_role("region", name="Details")
    expect(facts).to_contain_text("1 + 3·3 + 4·3 + 6·3 + 3·3 + 1 = 50")
    expect(facts).to_contain_text("Not counted: 4 convolutions on the shortcuts")
    page.get_by_role("button", name="Options").click()
    page.get_by_role("checkbox", name="Layer numbers").check()
    counts = page.locator(".node .count")
    expect(counts.first).to_have_text("1")
    assert counts.all_text_contents() == [
        "1",
        "2–4",
        "5–10",
        "11–13",
        "14–22",
        "23–25",
        "26–40",
        "41–43",
        "44–49",
        "50",
    ]
    assert "numbers=1" in page.url


def test_what_changes_from_v1_to_v1_5(walk: OpenPage) -> None:
    page = walk("/?net=resnet18")
    pick(page, "ResNet-50 v1", "resnet50_v1")
    block = page.locator('.node[data-path="layer2.0"]')
    expect(block).to_contain_text("1x1 conv, 128, /2")
    page.get_by_test_id("stSidebar").get_by_text("Strides and depth", exact=True).click()
    run_ended(page)
    choice = page.get_by_role("combobox", name="Stride sits in")
    choice.evaluate("box => box.scrollIntoView({ block: 'center' })")  # a list closes where its box is scrolled
    choice.click()
    page.get_by_role("option", name="3x3 (v1.5)").click()
    expect(block).to_contain_text("3x3 conv, 128, /2")
    expect(page.get_by_text("Stride sits in: First 1x1 (v1) → 3x3 (v1.5)")).to_be_visible()
    page.get_by_role("button", name="Undo: Stride sits in").click()
    expect(block).to_contain_text("1x1 conv, 128, /2")


def test_what_does_pre_activation_look_like(walk: OpenPage) -> None:
    page = walk("/?net=resnet34")
    choose(page, "View", "Five orders")
    picture = page.locator(".view svg")
    for label in ("Original, as here", "ReLU-only pre-activation", "Full pre-activation"):
        expect(picture).to_contain_text(label)
    column = page.locator('.node[data-path^="full_preact."]')
    tops = column.evaluate_all(
        "nodes => nodes.map(node => [node.getBoundingClientRect().top, node.textContent]).sort((a, b) => a[0] - b[0])"
    )
    assert [text for _, text in tops][1:7] == ["BN", "ReLU", "3x3 conv, 64", "BN", "ReLU", "3x3 conv, 64"]


def test_basic_against_bottleneck(walk: OpenPage) -> None:
    page = walk("/?net=resnet18")
    facts = page.get_by_role("region", name="Details")
    for typed, name, bracket, weights in (
        ("resnet-34", "resnet34", "[3x3, 64; 3x3, 64]", "73,984"),
        ("ResNet-50", "resnet50", "[1x1, 64; 3x3, 64; 1x1, 256]", "75,008"),
    ):
        pick(page, typed, name)
        page.get_by_role("option", name=re.compile(r"^layer1\.0(-2)?: ")).first.dispatch_event("click")
        expect(facts).to_contain_text(bracket)
        expect(facts).to_contain_text(weights)


@pytest.mark.parametrize("viewport", [PROJECTOR], ids=["projector"])
@pytest.mark.parametrize("color_scheme", ["dark"])
def test_a_teacher_steps_through_by_keyboard_and_gives_a_link_to_just_this(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet34")
    expect(page.locator(".node").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.keyboard.press("f")
    page.wait_for_url("**full=1**")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    facts = page.get_by_role("region", name="Details")
    expect(facts).to_contain_text("layer1.0-2")
    page.wait_for_url("**node=layer1.0-2**")
    shown = open_page(f"/{page.url.split('/', 3)[-1]}")
    expect(shown.get_by_role("region", name="Details")).to_contain_text("layer1.0-2")
    node = shown.locator('.node[data-path="layer1.0-2"]')
    expect(node).to_have_attribute("aria-selected", "true")
    expect(node).to_be_in_viewport()
    frame = shown.locator(".frame").bounding_box()
    assert frame is not None
    assert (frame["y"], frame["height"]) == (0, PROJECTOR["height"])


@pytest.mark.parametrize("viewport", [{"width": 1400, "height": 900}], ids=["1400"])
def test_which_of_four_nets_and_what_exactly_differs(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet18")
    box = page.get_by_role("combobox", name="Preset")
    box.click()
    expect(page.get_by_role("option", name="resnet50", exact=True)).to_be_attached()
    box.fill("ResNet-50 vs ResNet-50 v1 vs resnet34 vs resnext50")
    box.press("Enter")
    expect(page.get_by_role("heading", name="How B differs from A")).to_be_visible()
    lines = page.locator(".resviz-net")
    expect(lines).to_contain_text(["A: resnet50", "B: resnet50_v1", "C: resnet34", "D: resnext50_32x4d"])
    expect(lines.nth(2)).to_contain_text("21.80 M parameters −14.7%")
    row = page.get_by_role("row").filter(has_text="layer2.0, layer3.0, layer4.0").first
    expect(row).to_contain_text("conv1")
    expect(row).to_contain_text("stride 2, was 1")
    page.get_by_role("tab", name="Diagrams").click()
    panes = page.locator(".pane")
    expect(panes).to_have_count(4)
    panes.first.scroll_into_view_if_needed()
    for pane in panes.all():
        words = pane.locator('.node[data-path="conv1"] text')
        expect(words).to_be_in_viewport()
        assert words.evaluate("text => text.getBoundingClientRect().height") > 9  # a font of 8 pixels
    page.get_by_role("button", name="Next difference").click()
    expect(page.get_by_role("tooltip")).to_contain_text("layer1.0")


def test_a_figure_for_a_paper(walk: OpenPage) -> None:
    page = walk("/compare?question=Diagrams&net=resnet50&with=resnet50_v1")
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF, for print").click()
    assert download.value.suggested_filename == "resnet50-resnet50_v1.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("tab", name="Stages").click()
    run_ended(page)
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="LaTeX").click()
    table = download.value.path().read_text()
    assert "4,089,184,256" in table
    assert "\\toprule" in table


def test_name_a_net_keep_it_and_find_it_again(open_page: OpenPage) -> None:
    page = open_page("/?net=resnet50&tab=Configuration")
    how = page.get_by_text("bookmark it to find it again")
    expect(how).to_be_hidden()
    page.get_by_role("spinbutton", name="Blocks, conv4_x").fill("9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("custom, from resnet50")
    page.get_by_role("textbox", name="Name", exact=True).fill("My deeper net")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("My deeper net")
    expect(how).to_be_visible()
    run_ended(page)
    with page.expect_download() as kept:
        page.get_by_role("button", name="Download YAML").click()
    address = page.url
    later = open_page("/?net=resnet18&tab=Configuration")
    later.locator("input[type=file]").set_input_files(
        {"name": kept.value.suggested_filename, "mimeType": "text/yaml", "buffer": kept.value.path().read_bytes()}
    )
    expect(later.get_by_role("heading", level=1)).to_have_text("My deeper net")
    expect(later.get_by_text("Blocks of the stages: 3, 4, 6, 3 → 3, 4, 9, 3")).to_be_visible()
    linked = open_page(f"/{address.split('/', 3)[-1]}")
    expect(linked.get_by_role("heading", level=1)).to_have_text("My deeper net")
    expect(linked.get_by_role("spinbutton", name="Blocks, conv4_x")).to_have_value("9")
