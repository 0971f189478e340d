"""Check that every pinned package has a wheel for another version of Python: ``resolve_for_python.py 3.14``.

pip resolves vidpose with its extras as that version would; nothing is installed and that Python need not be there.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main(version: str) -> int:
    """Let pip resolve the requirements and every extra at once; return its exit code."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    with tempfile.TemporaryDirectory() as nowhere:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--dry-run"]
        target = ["--target", nowhere, "--python-version", version, "--only-binary=:all:", "--no-compile"]
        pinned = ["--constraint", str(PROJECT / "constraints.txt")]
        code = subprocess.run([*pip, *target, *pinned, *wanted], check=False).returncode
    print(f"Python {version}: " + ("every package resolves" if code == 0 else "not every package resolves, see above"))
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
