#!/usr/bin/env bash
# Sends requests that no page of ours sends, to every address, as everybody, and bytes that are hardly a request to a
# real port: so many of the first (1,000,000 unless told otherwise) and a tenth as many of the second.
#
#     tests/trust/malformed.sh [COUNT]
#
# Fails on any answer of 500, on any panic, and when memory grows by more than 20 MB between the first twentieth and
# the end. Prints how many were sent and what memory the process held. Built with optimisation: on two cores a million
# takes about a quarter of an hour.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
unset DATABASE_URL TEST_DATABASE_URL "${!WARMLY_@}"
export WARMLY_MALFORMED=${1:-1000000}
# One at a time: panics are counted for the whole process.
cargo test --release --locked --test it malformed:: -- --test-threads=1 --nocapture
