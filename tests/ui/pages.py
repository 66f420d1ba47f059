"""Pages of measurements through Streamlit's own test runner, and a run to show on them."""

from streamlit.testing.v1 import AppTest

from resviz.profiling.measure import profile
from resviz.profiling.result import Profile
from tests.profiling.conftest import BRIEF, TINY

PAGES = """
from resviz.arch import ResNetConfig
from resviz.ui import state, {page}
state.show(ResNetConfig.from_text({config!r}), "resnet20_cifar10")
{page}.page()
"""


def unopened(page: str) -> AppTest:
    """A page that has not run yet."""
    return AppTest.from_string(PAGES.format(page=page, config=TINY.to_json()), default_timeout=60)


def opened(page: str, **held: str) -> AppTest:
    app = unopened(page)
    for name, value in held.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return app


def measured(**fields: object) -> Profile:
    return profile(TINY, device="cpu", protocol=BRIEF.with_(**fields), breakdown=True)
