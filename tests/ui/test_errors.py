"""What a visitor sees of a fault in the program: that there was one, and nothing of the server."""

from pathlib import Path

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from scripts.live import ROOT, serve
from scripts.sessions import Session, visited

FAULTY = "def secret_function():\n    raise ZeroDivisionError('secret words')\n\nsecret_function()\n"


def faulty(folder: Path) -> Path:
    """An app that fails, under the configuration that the repository ships."""
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_bytes((ROOT / ".streamlit" / "config.toml").read_bytes())
    app = folder / "app.py"
    app.write_text(FAULTY, encoding="utf-8")
    return app


def test_a_fault_is_told_in_the_log_and_the_page_gets_no_word_and_no_file_of_it(tmp_path: Path) -> None:
    async def visit(address: str) -> Session:
        async with Session(address, keep=True) as session:
            await session.run()
            return session

    log = tmp_path / "log"
    with serve(faulty(tmp_path), log_file=log) as address:
        session = visited(visit(address))
    assert session.exceptions, "a fault is not hidden"
    told = [raw for raw in session.received if ForwardMsg.FromString(raw).WhichOneof("type") == "delta"]
    assert told
    assert not [raw for raw in told if b"secret" in raw or b"ZeroDivision" in raw or str(tmp_path).encode() in raw]
    logged = log.read_text(encoding="utf-8")
    assert "secret_function" in logged
    assert "secret words" in logged
