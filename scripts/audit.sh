#!/bin/sh
# Look every pinned package up in the database of known vulnerabilities: audit.sh UV
# Fails when one is vulnerable; says how many could not be looked up, as where the database cannot be reached.
set -eu
uv=$1
cd "$(dirname "$0")/.."
if ! said=$("$uv" tool run --quiet pip-audit==2.10.1 --requirement constraints.txt --no-deps --disable-pip --timeout 15 2>&1)
then
    echo "$said" | grep -v "could not be audited"
    exit 1
fi
unknown=$(echo "$said" | grep -c "could not be audited") || true
if [ "$unknown" -gt 0 ]; then
    echo "$unknown pinned packages could not be looked up for known vulnerabilities: is the database within reach?"
else
    echo "no pinned package is known to be vulnerable"
fi
