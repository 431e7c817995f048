#!/usr/bin/env bash
# Opens every table that can be taken along in LibreOffice, filled with what a spreadsheet may take for a formula
# (eight beginnings in every column of text), and counts the formulas it made of them: there must be none. First a
# table that is not made harmless, in which it must find one: a count that can't fail says nothing.
#
#     tests/trust/csv.sh
#
# Needs LibreOffice (apt-get install libreoffice-calc); without it this ends with a failure that says so.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
unset DATABASE_URL TEST_DATABASE_URL "${!WARMLY_@}"
office=$(command -v soffice || command -v libreoffice) || {
  echo "NOT RUN: LibreOffice is not installed (apt-get install libreoffice-calc). Nothing was opened."
  exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/warmly-tables.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/tables" "$work/opened"
# formulas FILE…: how many formulas LibreOffice finds in these tables.
formulas() {
  rm -f "$work"/opened/*
  "$office" "-env:UserInstallation=file://$work/office" --headless --convert-to fods \
    --outdir "$work/opened" "$@" >"$work/office.log" 2>&1 || { cat "$work/office.log" >&2; return 1; }
  [[ $(find "$work/opened" -name '*.fods' | wc -l) -eq $# ]] || { echo "not every table was opened" >&2; return 1; }
  cat "$work"/opened/*.fods | { grep -o 'table:formula=' || true; } | wc -l
}
printf '"name","words"\r\n"Ana","=1+1"\r\n' >"$work/control.csv"
control=$(formulas "$work/control.csv") || exit 1
if [[ $control -lt 1 ]]; then
  echo "FAILED: the control has a formula and none was found: this count would find nothing."
  exit 1
fi
WARMLY_TABLES=$work/tables cargo test --locked --test it tables::no_cell_of_any_file_begins_a_formula || exit 1
tables=("$work"/tables/*.csv)
found=$(formulas "${tables[@]}") || exit 1
echo "${#tables[@]} tables opened, $found formulas (the control: $control)."
[[ $found -eq 0 ]]
