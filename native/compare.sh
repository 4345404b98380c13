#!/usr/bin/env bash
# The transport against MPI itself, and accumulations against iAllReduce(BXOR); prints each figure with its ratio, where 1 is
# as good as MPI. Exit code 1 if a round trip or the bandwidth is below the percentage asked for.
#
#   compare.sh [MILLIS [PERCENT]]         default: 3000 ms for each figure, 70 %
set -eu

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
mvn -q -B -pl native -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest='MpiTransportTest#theMpi*+accumulations*' \
  -Dztp.compare.millis="${1:-3000}" -Dztp.compare.rounds=500 -Dztp.compare.percent="${2:-70}" || { failed=$?; }
grep -h ratio= native/target/surefire-reports/*MpiTransportTest-output.txt
exit "${failed:-0}"
