"""Write the README's pictures, docs/explore-light.png and docs/explore-dark.png. `make screenshot`."""

from typing import Literal

from playwright.sync_api import ViewportSize

from scripts.live import ROOT, launch, run_ended, serve

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}
FOLDER = ROOT / "docs"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with serve() as address, launch() as browser:
        for scheme in SCHEMES:
            page = browser.new_page(color_scheme=scheme, viewport=VIEWPORT, device_scale_factor=1.5)
            page.goto(address)
            path = FOLDER / f"explore-{scheme}.png"
            run_ended(page).screenshot(path=path, animations="disabled")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
