#!/usr/bin/env bash
# The tests that take long or need other programs, each by its name; without a name,
# what there is. `cargo test` needs none of them.
set -euo pipefail
cd "$(dirname "$0")/.."

ignored() { # [--release] NAME: one test that cargo test leaves out
  cargo test "${@:1:$#-1}" --test all "${!#}" -- --ignored --exact --nocapture
}

name="${1:-}"
[ $# -gt 0 ] && shift
case "$name" in
  bench) exec tests/bench/run.sh "$@" ;;
  growth) exec tests/growth/run.sh "$@" ;;
  fuzz) exec tests/fuzz/run.sh "$@" ;;
  memory) ignored --release hostile::memory::all_kinds_of_files_stay_within_one_budget ;;
  isolation) ignored --release isolation::what_it_costs ;;
  large) ignored --release large::eighty_units_and_five_thousand_entries ;;
  looked)
    for units in 80 500; do
      cargo bench --bench speed -- --make --units "$units" --python "$(command -v python3)"
    done
    ignored --release looked::those_of_large_counties_neither
    ;;
  opening)
    cargo build --release
    cargo bench --bench speed -- --make --units "${1:-80}" --python "$(command -v python3)"
    target/release/kaohe assess "target/bench/${1:-80}" > /dev/null
    exec python3 tests/bench/opening.py "target/bench/${1:-80}/汇总/"*.xlsx "${@:2}"
    ;;
  generated) KAOHE_PACKS="${1:-500}" cargo test --release --test all generated:: ;;
  public) exec python3 tests/formats/public.py "$@" ;;
  counties)
    cargo build --release
    exec python3 tests/export/three_counties.py target/release/kaohe
    ;;
  *)
    cat >&2 <<'LIST'
tests/run.sh NAME, where NAME is one of:
  bench [OPTIONS]     times beside other programs, and the results compared (--help)
  growth [DIMENSION]  twice as much costs no more than twice as much; needs valgrind
  fuzz [SECONDS]      the four fuzz targets; needs cargo-fuzz
  memory              every kind of file that asks for much memory
  isolation           what the workers cost over 500 returns
  large               80 units and 5,000 entries, left in target/large to be looked at
  looked              at how many cells the formulas look with 80 and 500 units; needs openpyxl
  opening [UNITS [ROUNDS]]
                      how long LibreOffice opens a large workbook; needs openpyxl, XlsxWriter
  generated [PACKS]   so many packs from seeds instead of ten
  public FOLDER       any folder of workbooks, read beside other programs
  counties            three workspaces exported and queried; needs duckdb, openpyxl
LIST
    exit 2
    ;;
esac
