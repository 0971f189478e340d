#!/bin/sh
# Print a Python that vidpose runs on (3.11 or 3.12, with venv), or say how to get one.
for candidate in "${PYTHON_BIN:-}" python3.12 python3.11 python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "vidpose needs Python 3.11 or 3.12 with venv; install it, or set PYTHON_BIN to one" >&2
exit 1
