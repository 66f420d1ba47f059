"""Prove `deploy/nginx.conf` on one machine, loopback only: `python -m deploy.prove`, as root on Debian with the
packages nginx, postgresql and chromium, and psycopg in the environment.

Two replicas stand behind nginx over one PostgreSQL. Two visitors get a session each, one on either replica; both
see the same history; a file goes up and one comes down; no answer breaks the Content-Security-Policy. Then the
replica of the first visitor is killed, and its link, opened again, shows the same page on the other.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import socket

from playwright.sync_api import BrowserContext, Page

from scripts.live import HOST, ROOT, launch, run_ended

START = 60.0  # seconds
PAGES = ("compare", "published", "module", "profile", "history", "published", "compare")
HEADERS = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options")


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        url = stack.enter_context(database(folder / "postgres"))
        history(url)
        ports = [free_port(), free_port()]
        replicas = [stack.enter_context(replica(port, url)) for port in ports]
        address, log = stack.enter_context(proxy(folder, ports))
        browser = stack.enter_context(launch())
        for port in (*ports, int(address.rpartition(":")[2])):
            healthy(port)
        check_headers(address)
        complaints: list[str] = []

        visits = [stack.enter_context(browser.new_context(accept_downloads=True)) for _ in range(12)]
        seats: dict[int, tuple[BrowserContext, Page]] = {}
        for context in visits:
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.goto(f"{address}/?net=resnet34&v=1")
            run_ended(page)
            seats.setdefault(last_port(log), (context, page))
            if len(seats) == 2:
                break
        assert set(seats) == set(ports), "one of the replicas got no visitor"
        print(f"two visitors, one on each of the replicas {ports}")

        for _, page in seats.values():
            page.goto(f"{address}/history")
            run_ended(page).get_by_text("1 run in the history").wait_for()
        print("both see the one run in the database")

        first = ports[0]
        context, page = seats[first]
        page.goto(f"{address}/?net=resnet34&v=1&tab=Configuration")
        run_ended(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download YAML").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert "name: resnet34" in text
        changed = folder / "mine.yaml"
        changed.write_text(text.replace("name: resnet34", "name: mine").replace("[3, 4, 6, 3]", "[3, 4, 7, 3]"))
        page.locator("input[type=file]").set_input_files(changed)
        page.wait_for_url("**net=*3-4-7-3*")
        run_ended(page)
        print("a configuration came down and went up")

        for name in PAGES:
            page.goto(f"{address}/{name}?net=resnet34&v=1")
            run_ended(page)
        page.goto(f"{address}/?net=resnet34~depths~3-4-7-3&v=1")
        run_ended(page)
        link, seen = page.url, shown(page)
        assert last_port(log) == first
        os.kill(replicas[ports.index(first)].pid, signal.SIGKILL)
        replicas[ports.index(first)].wait()
        again = context.new_page()
        again.goto(link)
        run_ended(again)
        assert last_port(log) == ports[1]
        assert shown(again) == seen
        print(f"replica {first} was killed; its visitor's link shows the same page on {ports[1]}")
        broken = [text for text in complaints if "Content Security Policy" in text or "Refused" in text]
        assert not broken, broken[:3]
        print("no answer broke the Content-Security-Policy")


def shown(page: Page) -> list[str]:
    """The totals and the sidebar's name: what a person would hold against each other."""
    page.get_by_test_id("stMetricValue").first.wait_for()
    return [*page.get_by_test_id("stMetricValue").all_inner_texts(), page.locator("section strong").first.inner_text()]


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """A PostgreSQL of its own, on a free port of the loopback, as the user postgres; gives SQLAlchemy's URL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    assert found, "no PostgreSQL: apt-get install postgresql"
    tools, port = found[-1].parent, free_port()
    folder.mkdir()
    shutil.chown(folder, "postgres", "postgres")

    def run(*args: object) -> None:
        command = ["runuser", "-u", "postgres", "--", *map(str, args)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run(tools / "initdb", "-D", folder / "data", "-U", "resviz", "--auth=trust")
    options = f"-p {port} -c listen_addresses={HOST} -c unix_socket_directories={folder}"
    run(tools / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "start")
    try:
        run(tools / "createdb", "-h", HOST, "-p", port, "-U", "resviz", "resviz")
        yield f"postgresql+psycopg://resviz@{HOST}:{port}/resviz"
    finally:
        run(tools / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")


def history(url: str) -> None:
    """Put one run that nobody measured into the database."""
    from resviz import preset
    from resviz.profiling.devices import Device
    from resviz.profiling.protocol import Protocol
    from resviz.profiling.result import Profile
    from resviz.profiling.store import Store

    run = Profile(
        id="0" * 32,
        measured_at=datetime(2026, 1, 2, tzinfo=UTC),
        config=preset("resnet18"),
        device=Device(id="cpu", name="A CPU", torch="2.13.0", system="Linux"),
        protocol=Protocol(name="brief", warmup=1, steps=3, batch=2),
        samples=(0.010, 0.012, 0.011),
    )
    assert Store(url).add(run) == 1


@contextmanager
def replica(port: int, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One process of the app."""
    flags = [f"--server.port={port}", f"--server.address={HOST}", "--server.headless=true"]
    environment = os.environ | {"RESVIZ_DB_URL": url, "STREAMLIT_SERVER_COOKIE_SECRET": "the same on both"}
    args = [sys.executable, "-m", "streamlit", "run", "app.py", *flags, "--server.fileWatcherType=none"]
    with subprocess.Popen(args, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def proxy(folder: Path, ports: list[int]) -> Iterator[tuple[str, Path]]:
    """Nginx with the repository's own file, its names and ports put in; gives the address and the access log."""
    port, log = free_port(), folder / "access.log"
    conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("replica1:8501", f"{HOST}:{ports[0]}"),
        ("replica2:8501", f"{HOST}:{ports[1]}"),
        ("listen 8080", f"listen {HOST}:{port}"),
        ("/dev/stdout", str(log)),
    ):
        assert conf.count(old) == 1, old
        conf = conf.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main_conf = folder / "nginx.conf"
    main_conf.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr; user root;\n"
        f"events {{}}\nhttp {{\n{temporary}{conf}\n}}\n"
    )
    with subprocess.Popen(["nginx", "-e", "stderr", "-c", str(main_conf)], stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://{HOST}:{port}", log
        finally:
            process.terminate()


def last_port(log: Path) -> int:
    """The replica of the last request that nginx has logged, by its port."""
    fields = log.read_text(encoding="utf-8").strip().splitlines()[-1].split()
    return int(fields[3].rpartition(":")[2])


def check_headers(address: str) -> None:
    """Fail where an answer lacks a header that guards the page."""
    connection = HTTPConnection(address.removeprefix("http://"))
    connection.request("GET", "/")
    answer = connection.getresponse()
    missing = [name for name in HEADERS if not answer.getheader(name)]
    assert not missing, missing
    print("headers:", *HEADERS)


def free_port() -> int:
    with socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def healthy(port: int) -> None:
    """Wait until a replica, or nginx before it, answers."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise TimeoutError(f"nothing healthy on port {port}")


if __name__ == "__main__":
    main()
