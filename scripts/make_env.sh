#!/bin/sh
# Make an environment with vidpose in it, from pinned versions: make_env.sh FOLDER EXTRAS [PACKAGE ...]
#   make_env.sh .venv dev              vidpose as it stands in this folder, with the extra `dev`
#   make_env.sh .venv-llm llm torch    the same with `llm`; torch comes first, from where pip is set up to take it
#   make_env.sh .venv-oracle oracle    mediapipe 0.10.21 and numpy 1, for tests against MediaPipe's own graph
# uv installs in seconds what takes pip a minute; pip takes over where uv cannot, as with an index that only pip knows.
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
pip() {
    "$folder/bin/python" -m pip --disable-pip-version-check install --quiet "$@"
}
install() {
    "$folder/bin/uv" pip install --quiet --python "$folder/bin/python" "$@" || pip "$@"
}
pip --constraint constraints.txt uv "$@"
if [ "$extras" = oracle ]; then
    install --requirement constraints-oracle.txt
    install --no-deps --no-build-isolation --editable .
else
    install --constraint constraints.txt editables hatch-vcs hatchling  # what builds vidpose
    install --constraint constraints.txt --no-build-isolation --editable ".[$extras]" "$@"
fi
touch "$folder/.installed"
