from hypothesis import given
from hypothesis import strategies as st
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from resviz.ui.visitor import token_in


@given(st.binary(min_size=16, max_size=16))
def test_a_visitor_is_known_under_every_mask_that_streamlit_gives_the_cookie(token: bytes) -> None:
    cookies = {generate_xsrf_token_string(token, 1) for _ in range(3)}
    assert {token_in(cookie) for cookie in cookies} == {token}


@given(st.text(max_size=60) | st.sampled_from(["", "2|", "2|00|00|1", "1|00000000|0011223344556677|1", "2|zz|zz|1"]))
def test_what_is_no_cookie_of_streamlits_names_nobody(cookie: str) -> None:
    assert token_in(cookie) == b""
