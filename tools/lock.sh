#!/usr/bin/env bash
# Pins what pyproject.toml asks for, by version and hash, in requirements/. Run it after changing a dependency; with
# --upgrade it also takes newer releases.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --quiet pip-tools

compile() {
  CUSTOM_COMPILE_COMMAND="bash tools/lock.sh" "$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options "$@" pyproject.toml
}

mkdir -p requirements
compile "$@" --output-file requirements/runtime.txt
compile "$@" --build-deps-for wheel --build-deps-for editable --only-build-deps --output-file requirements/build.txt
compile "$@" --extra dev --constraint requirements/constraints.in --constraint requirements/runtime.txt \
  --constraint requirements/build.txt --output-file requirements/dev.txt
