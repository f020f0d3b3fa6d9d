#!/usr/bin/env bash
# Whether twice as much costs no more than twice as much: counts the instructions of a
# run, of the main process and of what a worker does with a file, for so much of a
# thing and for twice as much. Needs valgrind; takes some ten minutes. A name of a
# dimension as argument takes that one alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --release
KAOHE_PROGRAM=$PWD/target/release/kaohe KAOHE_DIMENSION=${1:-} \
    cargo test --test all growth::twice_as_much -- --ignored --nocapture
