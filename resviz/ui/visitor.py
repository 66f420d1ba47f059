"""Who is looking: the same browser from one run to the next, a reload and another tab included.

A measurement belongs to whoever started it. Streamlit's session ends with a reload, so a browser is known by
the cookie that Streamlit gives each against forged requests; where there is none, by the session.
"""

from hashlib import sha256
from uuid import uuid4

import streamlit as st

COOKIE = "_streamlit_xsrf"
"""Holds ``2|mask|masked token|time``; the mask is another at each answer, the token stays."""
KEY = "resviz.visitor"


def visitor() -> str:
    """Return a word for this visitor that tells nobody the cookie."""
    token = token_in(st.context.cookies.get(COOKIE, ""))
    if token:
        return sha256(token).hexdigest()
    word: str = st.session_state.setdefault(KEY, uuid4().hex)
    return word


def token_in(cookie: str) -> bytes:
    """Return the token that a cookie holds, without its mask; nothing where it is not of the known form."""
    try:
        version, mask, masked, _ = cookie.strip("\"'").split("|")
        key, hidden = bytes.fromhex(mask), bytes.fromhex(masked)
    except ValueError:
        return b""
    if version != "2" or len(key) != 4 or len(hidden) < 8:
        return b""
    return bytes(byte ^ key[index % 4] for index, byte in enumerate(hidden))
