"""Prove `deploy/nginx.conf` on one machine, loopback only: `python -m deploy.prove`, as root on Debian with the
packages nginx, postgresql and chromium, and psycopg in the environment. `--base some/course` puts the app under a path.

Two replicas stand behind nginx over one PostgreSQL; where Debian's user nobody may run this Python, they run as him,
who can write to nothing but a folder for temporary files. Two visitors get a session each, one on either replica;
both see the same history; a file goes up and one comes down; no answer breaks the Content-Security-Policy. Then the
replica of the first visitor is killed, and its link, opened again, shows the same page on the other. Then the
database goes away: the replica says that it is not ready, and shows networks all the same. At last the logs are read:
JSON, line by line, and nothing in them of what was typed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from scripts.live import HOST, ROOT, free_port, launch, run_ended
from scripts.postgres import cluster

START = 60.0  # seconds
USER = "nobody"
SECRET = "Grace Hopper's net"
"""A name that a visitor gives a network; no log may hold it."""
PAGES = ("learn", "compare", "design", "published", "module", "laboratory", "profile", "history", "compare")
HEADERS = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default="", help="the path that the app stands under")
    base = parser.parse_args().base.strip("/")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        stopped = stack.enter_context(ExitStack())
        url = stopped.enter_context(cluster(folder / "postgres")).url
        history(url)
        ports = [free_port(), free_port()]
        user = other_user()
        logs = [folder / f"replica{port}.log" for port in ports]
        replicas = [
            stack.enter_context(replica(port, url, log, base, user)) for port, log in zip(ports, logs, strict=True)
        ]
        address, access = stack.enter_context(proxy(folder, ports))
        for port in (*ports, int(address.rpartition(":")[2])):
            healthy(port, base)
        address = f"{address}/{base}" if base else address
        check_headers(address)
        assert [ready(port)[0] for port in ports] == [200, 200]
        browser = stack.enter_context(launch())
        complaints: list[str] = []

        visits = [stack.enter_context(browser.new_context(accept_downloads=True)) for _ in range(12)]
        seats: dict[int, tuple[BrowserContext, Page]] = {}
        for context in visits:
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.goto(f"{address}/?net=resnet34&v=1")
            run_ended(page)
            seats.setdefault(last_port(access), (context, page))
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
        changed.write_text(text.replace("name: resnet34", f"name: {SECRET}").replace("[3, 4, 6, 3]", "[3, 4, 7, 3]"))
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
        assert last_port(access) == first
        replicas[ports.index(first)].kill()
        replicas[ports.index(first)].wait()
        again = context.new_page()
        again.goto(link)
        run_ended(again)
        assert last_port(access) == ports[1]
        assert shown(again) == seen
        print(f"replica {first} was killed; its visitor's link shows the same page on {ports[1]}")
        broken = [text for text in complaints if "Content Security Policy" in text or "Refused" in text]
        assert not broken, broken[:3]
        print("no answer broke the Content-Security-Policy")

        stopped.close()
        status, body = ready(ports[1])
        assert status == 503
        assert "history" in body
        again.goto(link)
        run_ended(again)
        assert shown(again) == seen
        print("without the database the other replica says that it is not ready, and shows the network all the same")
        read_logs([access, *logs])


def shown(page: Page) -> str:
    """The totals: what a person would hold against each other."""
    headline = page.locator(".resviz-headline")
    headline.wait_for()
    return headline.inner_text()


def read_logs(files: list[Path]) -> None:
    """Fail where a line is no JSON, or holds what a visitor typed or is called by."""
    pages = 0
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert line.startswith("{"), line
            found = json.loads(line)
            pages += found.get("event") == "page"
            assert "Hopper" not in line, line
            assert "net=" not in line, line
            assert "replica" in found or HOST not in line, line  # nginx names the replica that answered
    assert pages
    print(f"the logs are JSON, {pages} pages in them and nothing that was typed")


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


def other_user() -> str | None:
    """The user that the replicas run as; None where he may not run this Python, as one in a home folder."""
    try:
        able = subprocess.run([sys.executable, "-c", ""], user=USER, cwd=ROOT, check=False).returncode == 0
    except PermissionError:
        able = False
    print(f"replicas run as {USER}" if able else f"replicas run as this user: {USER} may not run {sys.executable}")
    return USER if able else None


@contextmanager
def replica(port: int, url: str, log: Path, base: str, user: str | None) -> Iterator["subprocess.Popen[bytes]"]:
    """One process of the app, which may write to its folder for temporary files alone."""
    flags = [
        f"--server.port={port}",
        f"--server.address={HOST}",
        "--server.headless=true",
        f"--server.baseUrlPath={base}",
    ]
    home = log.with_suffix("")
    home.mkdir()
    if user:
        shutil.chown(home, user)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "RESVIZ_DB_URL": url,
        "RESVIZ_LOG": "json",
        "STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true",
        "STREAMLIT_SERVER_COOKIE_SECRET": "the same on both",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    args = [sys.executable, "-m", "streamlit", "run", "deploy/server.py", *flags, "--server.fileWatcherType=none"]
    with (
        log.open("wb") as told,
        subprocess.Popen(args, cwd=ROOT, env=environment, stdout=told, stderr=told, user=user) as process,
    ):
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
    last = json.loads(log.read_text(encoding="utf-8").strip().splitlines()[-1])
    return int(last["replica"].rpartition(":")[2])  # where the first did not answer, both stand there


def check_headers(address: str) -> None:
    """Fail where an answer lacks a header that guards the page."""
    host, _, path = address.removeprefix("http://").partition("/")
    connection = HTTPConnection(host)
    connection.request("GET", f"/{path}/" if path else "/")
    answer = connection.getresponse()
    missing = [name for name in HEADERS if not answer.getheader(name)]
    assert not missing, missing
    print("headers:", *HEADERS)


def ready(port: int) -> tuple[int, str]:
    """Whether a replica takes visitors, by its own answer: the status and the body."""
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", "/ready")
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def healthy(port: int, base: str) -> None:
    """Wait until a replica, or nginx before it, answers."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", f"{f'/{base}' if base else ''}/_stcore/health")
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
