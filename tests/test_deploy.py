"""What `deploy/` holds fits the app; `python -m deploy.prove` shows that it works, with nginx and PostgreSQL."""

import re
import tomllib
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import streamlit
import yaml

from resviz.nn.memory import VARIABLE as MEMORY
from resviz.profiling.store import VARIABLE as DATABASE  # the store's own name for it
from resviz.ui.allowed import VARIABLE as ALLOW
from resviz.ui.allowed import Act
from resviz.ui.logs import FIELDS
from resviz.ui.logs import VARIABLE as LOG
from resviz.ui.readiness import VARIABLE as SESSIONS

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def test_the_policy_allows_the_inline_script_of_this_streamlit_and_no_other() -> None:
    page = Path(streamlit.__file__).with_name("static").joinpath("index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    wanted = {f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in inline}
    policy = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"'sha256-[^']+'", policy)) == wanted
    scripts = re.search(r"script-src ([^;]*)", policy)
    assert scripts
    assert "unsafe-inline" not in scripts[1]
    assert "'unsafe-eval'" not in scripts[1]


def test_two_replicas_share_one_database_and_one_secret() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    first, second = services["replica1"], services["replica2"]
    assert first == second
    assert first["read_only"] is True
    assert first["cap_drop"] == ["ALL"]
    told = first["environment"]
    assert {DATABASE, MEMORY, ALLOW, "STREAMLIT_SERVER_COOKIE_SECRET"} <= set(told)
    assert told[DATABASE].startswith("postgresql+psycopg://")
    assert set(told[ALLOW].split(",")) <= {act.value for act in Act}
    upstream = re.findall(r"server (\w+):8501", (DEPLOY / "nginx.conf").read_text(encoding="utf-8"))
    assert set(upstream) <= set(services)


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()
    users = [line for line in lines if line.startswith("USER ")]
    assert users == ["USER 10001"]
    assert any("/_stcore/health" in line for line in lines)
    copied = [line.split()[1] for line in lines if line.startswith("COPY")]
    assert all((ROOT / name).exists() for name in copied)
    started = [line for line in lines if line.startswith("CMD")]
    assert started == ['CMD ["python", "-m", "streamlit", "run", "deploy/server.py"]']
    assert {"app.py", "deploy/server.py", ".streamlit", "resviz"} <= set(copied)


def test_the_proxy_takes_bodies_as_large_as_the_app_does() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    most = config["server"].get("maxUploadSize", 200)  # megabytes; Streamlit's default
    assert f"client_max_body_size {most}m;" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")


def test_the_guide_names_every_variable_every_act_and_every_field_of_the_log() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in guide for name in (DATABASE, MEMORY, ALLOW, LOG, SESSIONS))
    assert all(f"`{act.value}`" in guide for act in Act)
    assert all(f"`{field}`" in guide for field in FIELDS)
