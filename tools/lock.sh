#!/usr/bin/env bash
# requirements/base.lock from pyproject.toml: every package pinned with hashes, for Python 3.11 to 3.13 on Linux and macOS.
# uv resolves for all of them at once; it lives in a throw-away environment since nothing else here needs it.
# Versions already in the lock stay as they are where they still fit; `tools/lock.sh --upgrade` asks for the newest.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
"${PYTHON:-python3}" -m venv "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check 'uv==0.13.9'
"$tool/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
    --extra bertopic --extra figures --extra notebooks --extra scan --extra formats --extra scale --extra dev --group encoder \
    "$@" --output-file requirements/base.lock
# The browser tests run in an environment of their own, with the same versions where both have a package.
printf 'playwright>=1.49\npytest>=8.3\n' | "$tool/bin/uv" pip compile - --quiet --universal --python-version 3.11 --generate-hashes \
    --no-annotate --no-header --constraint requirements/base.lock "$@" --output-file requirements/browser.lock
echo "requirements/base.lock: $(grep -c '==' requirements/base.lock) packages"
