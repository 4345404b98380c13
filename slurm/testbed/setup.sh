#!/usr/bin/env bash
# Finds Slurm and munge, or gets them: on Debian and its kin, as root, with apt-get. If they cannot be had, one line on
# stderr says what to install, and the exit code is 1. Nothing in /etc is changed but by the packages themselves.
set -eu

say() { printf 'ztp: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }
missing() {
  local name names=
  for name in slurmctld slurmd srun sbatch squeue sinfo scontrol munged ip nsenter unshare; do
    command -v "$name" >/dev/null || names="$names $name"
  done
  printf '%s' "${names# }"
}

PATH=$PATH:/usr/sbin:/sbin
[ -n "$(missing)" ] || exit 0
packages='slurm-wlm munge iproute2 util-linux'
command -v apt-get >/dev/null || fail "not found: $(missing). Install Slurm (slurmctld, slurmd, clients) and munge"
[ "$(id -u)" = 0 ] || fail "not found: $(missing). Install them: sudo apt-get install $packages"

say 'installing Slurm and munge with apt-get …'
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT
# shellcheck disable=SC2086 # several names
{ apt-get -qq update && apt-get -qq install -y --no-install-recommends $packages; } >"$log" 2>&1 </dev/null || {
  tail -n 5 -- "$log" >&2
  fail "apt-get could not install them; by hand: apt-get install $packages"
}
[ -z "$(missing)" ] || fail "not found after apt-get install $packages: $(missing)"
