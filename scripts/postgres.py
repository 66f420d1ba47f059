"""A PostgreSQL of one's own for a while: a cluster in a folder, on a free port of the loopback.

For the proof of `deploy/` and for the store's tests. pytest-postgresql does as much but not for root, whom PostgreSQL
refuses: here it then runs as the user that its package makes.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.live import HOST, free_port

MISSING = "no PostgreSQL server: apt-get install postgresql"
OWNER = "postgres"
NAME = "resviz"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database server in a folder; ``tools`` is where its programs lie."""

    folder: Path
    tools: Path
    port: int

    @property
    def url(self) -> str:
        """Its database, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://{NAME}@{HOST}:{self.port}/{NAME}"

    def make(self) -> None:
        """Write an empty cluster."""
        self.run("initdb", "-D", self.folder / "data", "-U", NAME, "--auth=trust", "--no-sync")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses={HOST} -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", self.folder / "data", "-o", options, "-l", self.folder / "log", "-w", "start")

    def crash(self) -> None:
        """Stop the server at once: it writes nothing more, as if it had been killed."""
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def run(self, program: str, *args: object) -> None:
        """Run one of its programs."""
        command = [str(self.tools / program), *map(str, args)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", OWNER, "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running server in a new folder, with one database. Raises FileNotFoundError where none is installed."""
    tools = find()
    if tools is None:
        raise FileNotFoundError(MISSING)
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER, OWNER)
    made = Cluster(folder, tools, free_port())
    made.make()
    made.start()
    try:
        made.run("createdb", "-h", HOST, "-p", made.port, "-U", NAME, NAME)
        yield made
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            made.crash()


def find() -> Path | None:
    """Return the folder of PostgreSQL's programs: that of the newest version in Debian's place, or of the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None
