#!/bin/sh
# Make an environment with vidpose in it, from pinned versions: make_env.sh FOLDER EXTRAS [PACKAGE ...]
#   make_env.sh .venv dev              vidpose as it stands in this folder, with the extra `dev`
#   make_env.sh .venv-oracle oracle    mediapipe 0.10.21 and numpy 1, for tests against MediaPipe's own graph
set -eu
folder=$1 extras=$2
shift 2
cd "$(dirname "$0")/.."
if [ "$extras" = oracle ]; then
    python=$(sh scripts/find_python.sh oracle)
else
    python=$(sh scripts/find_python.sh)
fi
"$python" -m venv --clear "$folder"
pip="$folder/bin/python -m pip --disable-pip-version-check install --quiet"
if [ "$extras" = oracle ]; then
    $pip --requirement constraints-oracle.txt
    $pip --no-deps --no-build-isolation --editable .
else
    $pip --constraint constraints.txt editables hatch-vcs hatchling  # what builds vidpose
    $pip --constraint constraints.txt --no-build-isolation --editable ".[$extras]" "$@"
fi
touch "$folder/.installed"
