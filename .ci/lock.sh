#!/usr/bin/env bash
# Writes the hashes of what the image installs, at the versions of constraints.txt, then the bill of materials and the licences.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check uv
compile=("$work/tools/bin/uv" pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url -c constraints.txt)
echo hatchling >"$work/build.in"
"${compile[@]}" --extra mcp pyproject.toml >"$work/requirements.txt"
"${compile[@]}" "$work/build.in" >"$work/requirements-build.txt"
for file in requirements.txt requirements-build.txt; do
    { echo '# What the image installs: every version and what its files hash to. Written by `make lock`.'; cat "$work/$file"; } >"deploy/$file"
done
"${1:-python3}" .ci/supply.py
