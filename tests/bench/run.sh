#!/usr/bin/env bash
# The benchmark, in one command: makes a Python with the libraries that the
# program is compared with, builds the program, and times everything. The
# options are those of `speed.rs`; `--help` lists them.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=target/bench/venv
if [ ! -x "$venv/bin/python" ]; then
    mkdir -p target/bench
    python3 -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl pandas polars fastexcel python-calamine XlsxWriter
exec cargo bench --bench speed -- "$@"
