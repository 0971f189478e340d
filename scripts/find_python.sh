#!/bin/sh
# Print a Python that vidpose runs on (3.11 to 3.14, with venv), or say how to get one.
#   find_python.sh          any of 3.11 to 3.14; python3 first
#   find_python.sh oracle   3.11 or 3.12, for which mediapipe 0.10.21 has wheels
# PYTHON_BIN names the one to take. A candidate counts only when it really runs: the shims of pyenv exist for
# versions that they refuse to start.
if [ "${1:-}" = oracle ]; then
    versions="3.12 3.11" wanted="3.11 or 3.12" newest="3, 12"
else
    versions="3.13 3.12 3.11 3.14" wanted="3.11, 3.12, 3.13 or 3.14" newest="3, 14"
fi

serves() {
    "$1" -c "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= ($newest))" 2>/dev/null
}

if [ -n "${PYTHON_BIN:-}" ]; then
    if serves "$PYTHON_BIN"; then
        command -v "$PYTHON_BIN"
        exit 0
    fi
    if [ "${1:-}" != oracle ]; then
        said=$("$PYTHON_BIN" --version 2>&1 | head -n 1)
        echo "PYTHON_BIN: expected Python $wanted with venv, got $PYTHON_BIN ($said)" >&2
        exit 1
    fi
fi
for candidate in python3 python; do
    if serves "$candidate"; then
        command -v "$candidate"
        exit 0
    fi
done
for version in $versions; do
    for candidate in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
        if serves "$candidate"; then
            command -v "$candidate"
            exit 0
        fi
    done
done
echo "vidpose needs Python $wanted with venv here; install one, or name it with PYTHON_BIN=" >&2
exit 1
