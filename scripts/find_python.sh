#!/bin/sh
# Print a Python that vidpose runs on (3.11 or 3.12, with venv), or say how to get one.
# With the word "modern": Python 3.13, for the tests with today's mediapipe and numpy.
if [ "${1:-}" = modern ]; then
    wanted="3.13" oldest="3, 13" newest="3, 13" variable=PYTHON313
    candidates="${PYTHON313:-} python3.13 python3 python $HOME/.pyenv/versions/3.13.*/bin/python"
else
    wanted="3.11 or 3.12" oldest="3, 11" newest="3, 12" variable=PYTHON_BIN
    candidates="${PYTHON_BIN:-} python3.12 python3.11 python3 python"
fi
for candidate in $candidates; do
    if "$candidate" -c "import sys, venv, ensurepip; sys.exit(not ($oldest) <= sys.version_info[:2] <= ($newest))" 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "vidpose needs Python $wanted with venv here; install it, or set $variable to one" >&2
exit 1
