#!/usr/bin/env bash
# Fuzzes everything that reads what others wrote: scenario files, join and return codes, cookies, forms, lists of
# nurses, packed tallies, words that are looked through for a real person's details. Each for so many minutes (10 unless
# told otherwise), one after the other:
#
#     tests/trust/fuzz.sh [MINUTES] [TARGET…]
#
# Needs cargo-fuzz (cargo install cargo-fuzz --locked) and a C++ compiler. Begins with the small seeds that are kept in
# fuzz/seeds; what it finds on its way stays in fuzz/corpus, which is not kept. Ends with a failure, and the input in
# fuzz/artifacts, when anything panics, runs out of 2 GB or takes longer than 10 s.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
minutes=${1:-10}
shift || true
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(scenario codes cookies forms roster tally guard)
if ! cargo fuzz --version >/dev/null 2>&1; then
  echo "NOT RUN: cargo-fuzz is not installed (cargo install cargo-fuzz --locked)."
  exit 1
fi
# The compiler's own instrumentation is asked for in a released compiler.
export RUSTC_BOOTSTRAP=1
failed=()
for target in "${targets[@]}"; do
  seeds=(fuzz/seeds/"$target")
  [[ $target == scenario ]] && seeds+=(scenarios)
  mkdir -p fuzz/corpus/"$target"
  echo "=== $target, $minutes min"
  cargo fuzz run "$target" fuzz/corpus/"$target" "${seeds[@]}" -- \
    -max_total_time=$((minutes * 60)) -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 || failed+=("$target")
done
if [[ ${#failed[@]} -gt 0 ]]; then
  echo "FAILED: ${failed[*]}"
  exit 1
fi
echo "All well: ${targets[*]}, $minutes min each."
