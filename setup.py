"""What pyproject.toml cannot say: the wheel holds the app's script and its options, which stand at the root."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SCRIPT = Path("resviz", "ui", "script")
"""Where `resviz app` looks for them, in a folder of their own: Streamlit puts the script's folder on the path."""


class WithScript(build_py):
    """Copies packages, then the script and its options; an editable install finds those where they are."""

    def run(self) -> None:
        """Copy."""
        super().run()
        if self.editable_mode:
            return
        for file in (Path("app.py"), Path(".streamlit", "config.toml")):
            target = Path(self.build_lib, SCRIPT, file)
            self.mkpath(str(target.parent))
            self.copy_file(str(file), str(target))


setup(cmdclass={"build_py": WithScript})
