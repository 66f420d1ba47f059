"""Every name of the corpus as Markdown in the elements that the pages show names in: `streamlit run` by a test."""

import json
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from resviz.ui.text import plain  # noqa: E402  # found only now

for name in json.loads((ROOT / "tests" / "corpus" / "names.json").read_text(encoding="utf-8")):
    st.markdown(plain(name))
    st.error(plain(name))
    st.caption(plain(name))
    st.progress(0.5, plain(name))
