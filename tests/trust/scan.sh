#!/usr/bin/env bash
# Scans the app on demo data as a stranger, a nurse, an educator and an administrator, with wapiti and with sqlmap, and
# fails on any finding that docs/scans.tsv does not accept, on any answer of 500, on any panic, and where somebody was
# signed out on the way, so that only the pages of strangers were scanned.
#
#     tests/trust/scan.sh [wapiti|sqlmap|all] [--planted] [--as ROLE]... [--only ROUTE]... [--seconds COUNT]
#
# --planted: builds with six holes in it (src/planted.rs) and must find 6 of 6: a scan that can't fail says nothing.
# --only: scans only what belongs to this route, as the source writes it ('/me*', '/cohorts/{cohort}/matrix').
# --seconds: how long both scanners together may take for each person, on average (600 unless told otherwise): who has
#     more pages gets more of it. What is left out is said.
# SCAN_KEEP=1 in the environment: what the scanners wrote is kept.
#
# Needs sqlmap (apt-get install sqlmap) and wapiti from 3.2 on (Debian's 3.0.4 does not run with the Python it comes
# with): python3 -m venv target/scanners && target/scanners/bin/pip install wapiti3
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export PYTHONDONTWRITEBYTECODE=1
unset DATABASE_URL TEST_DATABASE_URL "${!WARMLY_@}"
PATH=$PWD/target/scanners/bin:$PATH
which=all planted='' rest=()
while [[ $# -gt 0 ]]; do
  case $1 in
    wapiti | sqlmap | all) which=$1 ;;
    --planted) planted=--planted ;;
    *) rest+=("$1") ;;
  esac
  shift
done
cannot() {
  echo "NOT RUN: $*. Nothing was scanned."
  exit 1
}
command -v python3 >/dev/null || cannot "python3 is not installed"
if [[ $which != sqlmap ]]; then
  command -v wapiti >/dev/null || cannot "wapiti is not installed (see the head of this file)"
  found=$(wapiti --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | tail -n 1)
  [[ $(printf '3.2.0\n%s\n' "$found" | sort -V | head -n 1) == 3.2.0 ]] || cannot "wapiti $found is too old: 3.2 or newer"
fi
[[ $which == wapiti ]] || command -v sqlmap >/dev/null || cannot "sqlmap is not installed (apt-get install sqlmap)"
if [[ -n $planted ]]; then
  # Beside the other builds, so that no program with holes lies where one without is expected.
  nice -n 10 cargo build --locked --features planted --target-dir target/planted --bin warmly || exit 1
  program=target/planted/debug/warmly
else
  nice -n 10 cargo build --locked --bin warmly || exit 1
  program=target/debug/warmly
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/warmly-scan.XXXXXX") || exit 1
if [[ -n ${SCAN_KEEP:-} ]]; then echo "kept in $work"; else trap 'rm -rf "$work"' EXIT; fi
nice -n 10 python3 tests/trust/scan.py "$program" "$work" "$which" $planted "${rest[@]}"
