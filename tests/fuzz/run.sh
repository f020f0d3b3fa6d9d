#!/usr/bin/env bash
# Runs each fuzz target for so many seconds (60 without an argument), from the
# seeds that are committed and the small workbooks of tests/formats. Needs
# cargo-fuzz; a nightly compiler is not needed.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:-60}"
export RUSTC_BOOTSTRAP=1
for target in values part file office; do
  mkdir -p "../../target/fuzz/corpus/$target"
  seeds=("seeds/$target")
  [ "$target" = file ] && seeds+=("../formats")
  cargo fuzz run --fuzz-dir . --target-dir ../../target/fuzz "$target" \
    "../../target/fuzz/corpus/$target" "${seeds[@]}" -- \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1500 -max_len=65536 \
    -artifact_prefix="../../target/fuzz/"
done
