"""The app as a server runs it, from the repository's root: `python -m streamlit run deploy/server.py`.

The pages are those of `app.py`; beside them it answers `/ready` and, where `RESVIZ_LOG` is `json`, logs JSON from its
first line on. torch is loaded before a visitor comes who would wait for it. Uvicorn's own access log is left out: it
would hold addresses and queries.
"""

import logging
from importlib import import_module
from pathlib import Path

import streamlit as st

from resviz.ui import logs
from resviz.ui.readiness import routes

logs.start()
import_module("resviz.nn.build")  # torch, after the log's beginning: it may have something to say
logging.getLogger("uvicorn.access").addFilter(lambda _: False)
app = st.App(Path(__file__).parents[1] / "app.py", routes=routes(st.get_option("server.baseUrlPath")))
