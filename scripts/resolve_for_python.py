"""Check that every pinned package has a wheel for another version of Python: ``resolve_for_python.py 3.14``.

Nothing is installed, and that Python need not be there. pip evaluates the markers of requirements for the Python that
runs it, so those of constraints.txt are evaluated here, and each pin is asked for by itself.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parent.parent


def pins_for(version: str) -> list[str]:
    """Return the pins of constraints.txt that count for a Python version on this system."""
    environment = {"python_version": version, "python_full_version": f"{version}.0", "extra": ""}
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return [f"{pin.name}{pin.specifier}" for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]


def main(version: str) -> int:
    """Ask pip for a wheel of every pin; return its exit code."""
    pins = pins_for(version)
    with tempfile.TemporaryDirectory() as nowhere:
        pip = [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--quiet",
            "--dry-run",
            "--no-deps",
        ]
        target = ["--target", nowhere, "--python-version", version, "--only-binary=:all:"]
        code = subprocess.run([*pip, *target, *pins], check=False).returncode
    print(f"Python {version}: " + (f"{len(pins)} pins have a wheel" if code == 0 else "not every pin has a wheel"))
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
