#!/usr/bin/env bash
# Random kills of ranks over jobs that are started again and again, and load with a rank dead; prints each take-over with the
# time it took and the gap between blocks, and the memory of the ranks.
#
#   soak.sh [KILLS [SECONDS [SEED]]]      default: 200 kills, 600 seconds, seed 1; 0 kills: the load alone
set -eu

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
mvn -q -B -pl native -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest=SoakTest -Dztp.soak.spares=8 \
  -Dztp.soak.kills="${1:-200}" -Dztp.soak.seconds="${2:-600}" -Dztp.soak.seed="${3:-1}" || { failed=$?; }
cat native/target/surefire-reports/*SoakTest*.txt
exit "${failed:-0}"
