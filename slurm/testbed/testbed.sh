#!/usr/bin/env bash
# A real Slurm of N virtual compute nodes on this machine: slurmctld, munged and N slurmd, nothing of them in /etc.
#
#   testbed.sh [--dir DIR] COMMAND
#
#   up [--nodes N] [--cpus C] [--mode namespaces|flat] [--lost-after SECONDS] [--share DIRECTORY]... [--port P]
#      [--conf LINE]...    starts it and returns when all nodes are idle; a LINE goes into slurm.conf, for the one with
#                          its key or its partition if there is one: --conf KillWait=30
#   head COMMAND...        runs a command where users log in: sbatch, srun, squeue, scancel …
#   on NODE COMMAND...     runs a command on a node
#   crash NODE             everything on the node is killed at once, its network is gone
#   boot NODE [--blank]    starts a crashed node again, with its disk as it was, or with an empty one
#   cut NODE, uncut NODE   takes the node's network away, and gives it back
#   state NODE             prints what Slurm says of the node: idle, allocated, down …
#   waitnode NODE STATE [SECONDS]   until Slurm says so; exit 1 after SECONDS (60)
#   waitjob JOB [SECONDS]  until the job has ended, then prints its state; exit 1 after SECONDS (600)
#   down                   ends all of it; of DIR only log/ and shared/ stay
#
# DIR is $ZTP_TESTBED, else target/testbed beside this module. DIR/shared is the directory that all nodes share, as they
# would a parallel file system. Modes:
#
#   namespaces  (root) each node has its own network, hostname, processes, IPC, and mounts: /tmp is the node's own disk
#               (DIR/nodes/NODE/tmp, it stays over a crash) and /dev/shm its own memory (gone with a crash). Of the
#               machine's /tmp it sees DIR, this checkout and what --share names.
#   flat        N slurmd on 127.0.0.1, from port P on: no cut, and /tmp and /dev/shm are the machine's.
#
# Without --mode it is namespaces where they are allowed. slurmd inherits the environment of `up` and of `boot`.
set -eu

say() { printf 'testbed: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }
usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$script" >&2; exit 2; }

PATH=$PATH:/usr/sbin:/sbin
script=$(readlink -f -- "${BASH_SOURCE[0]}")
here=$(dirname -- "$script")
checkout=$(dirname -- "$(dirname -- "$here")")
dir=${ZTP_TESTBED:-$(dirname -- "$here")/target/testbed}
if [ "${1:-}" = --dir ]; then
  [ $# -ge 2 ] || usage
  dir=$2
  shift 2
fi
dir=$(readlink -m -- "$dir")
run=$dir/run
log=$dir/log
network=10.77.0

# --- processes: known by their id and the time of their start, so that no stranger is ever taken for one of them
started() { # PID: when it started; nothing when it is gone
  local stat fields
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || printf '%s' "${fields[19]}"
}
remember() { printf '%s %s\n' "$2" "$(started "$2")" >>"$run/$1.pids"; } # NAME PID
runs() { # NAME: whether any of its processes is alive
  local pid start
  [ -e "$run/$1.pids" ] || return 1
  while read -r pid start; do
    [ -z "$start" ] || [ "$(started "$pid")" != "$start" ] || return 0
  done <"$run/$1.pids"
  return 1
}
first_process() { # NAME: the first process of its namespaces
  runs "$1" || fail "$1 is not running"
  local line
  line=$(tail -n 1 "$run/$1.pids")
  printf '%s' "${line% *}"
}
end() { # NAME: kills its processes and returns when they are gone
  local pid start
  [ -e "$run/$1.pids" ] || return 0
  while read -r pid start; do
    if [ -n "$start" ] && [ "$(started "$pid")" = "$start" ]; then kill -9 "$pid" 2>/dev/null || true; fi
  done <"$run/$1.pids"
  within 10 gone "$1" || fail "$1 did not end: $(cat "$run/$1.pids")"
  rm -f -- "$run/$1.pids"
}
gone() { ! runs "$1"; }
within() { # SECONDS COMMAND...: until it succeeds
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}
daemon() { # NAME COMMAND...: starts it apart from this terminal
  local name=$1
  shift
  setsid "$@" </dev/null >>"$log/$name.out" 2>&1 &
  remember "$name" $!
  disown
}

# --- namespaces
allowed() { [ "$(id -u)" = 0 ] && unshare --net --uts --ipc --mount --pid --fork --mount-proc true 2>/dev/null; }
enclose() { # NAME: starts `inside NAME` in namespaces of its own
  local parent child=
  setsid unshare --net --uts --ipc --mount --pid --fork --kill-child --mount-proc --propagation private \
    "$BASH" "$script" --dir "$dir" "inside-${1%%[0-9]*}" "$1" </dev/null >>"$log/$1.out" 2>&1 &
  parent=$!
  disown
  remember "$1" "$parent" # if it is killed, its child dies
  first_child() { child=$(cat "/proc/$parent/task/$parent/children" 2>/dev/null) && [ -n "$child" ]; }
  within 5 first_child || fail "no namespaces for $1: $(tail -n 1 "$log/$1.out")"
  remember "$1" "${child% }"
}
enter() { # NAME COMMAND...
  local pid
  pid=$(first_process "$1")
  shift
  # shellcheck disable=SC2016 # expanded inside
  SLURM_CONF=$run/slurm.conf nsenter -t "$pid" -n -u -i -m -p -- \
    sh -c 'cd "$1" 2>/dev/null || cd /; shift; exec "$@"' sh "$PWD" "$@"
}
inside_head() {
  hostname head
  mount --bind "$run/hosts" /etc/hosts
  ip link set lo up
  # with an address of its own: else it has that of a cable, and another one when that node has crashed, of which the others hear late
  ip link add bridge0 address 02:00:00:00:00:fe type bridge
  ip addr add "$network.254/24" dev bridge0
  ip link set bridge0 up
  munge_daemon &
  slurmctld -D -i -f "$run/slurm.conf" &
  sleep infinity &
  wait # as the first process here it also takes in orphans
}
inside_node() { # NODE
  hostname "$1"
  mount --bind "$run/hosts" /etc/hosts
  mount -t tmpfs -o "size=$memory,mode=1777" tmpfs /dev/shm
  own_tmp "$1"
  ip link set lo up
  within 10 ip link show eth0 >/dev/null 2>&1
  ip addr add "$network.${1#node}/24" dev eth0
  ip link set eth0 up
  slurmd -D -N "$1" -f "$run/slurm.conf" &
  sleep infinity &
  wait
}
own_tmp() { # NODE: its disk over /tmp, and what is shared of the machine's /tmp in its place
  local shared disk=$dir/nodes/$1
  while read -r shared; do
    case $shared in
      /tmp/*)
        mkdir -p -- "$disk$shared"
        mount --bind "$shared" "$disk$shared"
        ;;
    esac
  done <"$run/shares"
  mount --rbind "$disk/tmp" /tmp
}
connect() { # NODE: a cable from its eth0 to the bridge
  local cable=v${1#node} node
  node=$(first_process "$1")
  cabling del "$cable" 2>/dev/null || true # a crashed node's goes a moment after it
  cabling add "$cable" type veth peer name eth0 netns "$node"
  cabling set "$cable" master bridge0 up
}
cabling() { # in the head's network, with this machine's process ids
  local head
  head=$(first_process head)
  nsenter -t "$head" -n -- ip link "$@"
}

# --- Slurm
munge_daemon() {
  # --force: it may live in a directory that is its user's alone
  exec munged --foreground --force --key-file="$run/munge.key" --socket="$run/munge.socket" --pid-file="$run/munged.pid" \
    --log-file="$log/munged.log" --seed-file="$run/munge.seed"
}
write_configuration() {
  local control node_line port user
  user=$(id -un)
  if [ "$mode" = namespaces ]; then
    control="head($network.254)" port=6817
    node_line="NodeName=node[1-$nodes] NodeAddr=$network.[1-$nodes]"
  else
    control='localhost(127.0.0.1)' port=$first_port
    node_line="NodeName=node[1-$nodes] NodeHostname=$(hostname) NodeAddr=127.0.0.1"
    node_line="$node_line Port=[$((first_port + 1))-$((first_port + nodes))]"
  fi
  cat >"$run/slurm.conf" <<CONF
ClusterName=testbed
SlurmctldHost=$control
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$run/munge.socket
StateSaveLocation=$run/state
SlurmdSpoolDir=$run/spool/%n
SlurmctldPidFile=$run/slurmctld.pid
SlurmdPidFile=$run/slurmd-%n.pid
SlurmctldLogFile=$log/slurmctld.log
SlurmdLogFile=$log/slurmd-%n.log
# PMIx makes directories of the same names on each node: they must not share one
TmpFS=$dir/nodes/%n/tmp
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
JobRequeue=0
KillOnBadExit=0
SlurmdTimeout=$lost_after
SlurmctldTimeout=10
MessageTimeout=5
TCPTimeout=2
KillWait=2
CompleteWait=0
UnkillableStepTimeout=20
InactiveLimit=0
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
$node_line CPUS=$cpus RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  local line name
  for line in "${settings[@]}"; do
    name=${line%%=*}=
    [ "$name" != PartitionName= ] || name="${line%% *} "
    awk -v name="$name" 'index($0, name) != 1' "$run/slurm.conf" >"$run/slurm.conf.new"
    printf '%s\n' "$line" >>"$run/slurm.conf.new"
    mv -- "$run/slurm.conf.new" "$run/slurm.conf"
  done
  # without it slurmd looks for the kind of cgroups itself and dies where both are mounted
  echo 'CgroupPlugin=cgroup/v1' >"$run/cgroup.conf"
  {
    echo '127.0.0.1 localhost'
    echo "$network.254 head"
    for i in $(seq "$nodes"); do echo "$network.$i node$i"; done
  } >"$run/hosts"
}

# --- flat: what belongs to a node is told by the environment that slurmd and srun hand down
flat_processes() { # [NODE]
  local environment pid
  for environment in /proc/[0-9]*/environ; do
    pid=${environment#/proc/}
    { tr '\0' '\n' <"$environment"; } 2>/dev/null | awk -v conf="SLURM_CONF=$run/slurm.conf" -v node="${1:-}" '
      $0 == conf { ours = 1 }
      node == "" || $0 == "ZTP_TESTBED_NODE=" node || $0 == "SLURMD_NODENAME=" node { on = 1 }
      END { exit !(ours && on) }' && printf '%s\n' "${pid%/environ}"
  done
  return 0
}
flat_kill() { # [NODE]: until there is none, as a process may start another meanwhile
  local pids
  for _ in 1 2 3 4 5; do
    pids=$(flat_processes "$@")
    [ -n "$pids" ] || return 0
    # shellcheck disable=SC2086 # several numbers
    kill -9 $pids 2>/dev/null || true
  done
}

# --- what the commands do
boot() { # NODE
  ! runs "$1" || fail "$1 is running"
  rm -f -- "$run/$1.pids"
  mkdir -p "$run/spool/$1" "$dir/nodes/$1/tmp"
  chmod 1777 "$dir/nodes/$1/tmp"
  if [ "$mode" = namespaces ]; then
    enclose "$1"
    connect "$1"
  else
    SLURM_CONF=$run/slurm.conf ZTP_TESTBED_NODE=$1 daemon "$1" slurmd -D -N "$1" -f "$run/slurm.conf"
  fi
}
crash() { # NODE
  [ "$mode" = namespaces ] || flat_kill "$1"
  end "$1"
}
on_head() { if [ "$mode" = namespaces ]; then enter head "$@"; else SLURM_CONF=$run/slurm.conf "$@"; fi; }
state() { # NODE
  local said
  said=$(on_head sinfo -h -N -n "$1" -o %T 2>/dev/null) || return 0
  said=${said%%[!a-z]*} # without the marks for "does not answer" and the like
  printf '%s' "$said"
}
is_state() { [ "$(state "$1")" = "$2" ]; }
all_idle() { [ "$(on_head sinfo -h -N -t idle -o %T 2>/dev/null | grep -cx idle)" -ge "$nodes" ]; }
job_state() { on_head squeue -h -t all -j "$1" -o %T; }
job_ended() {
  case $(job_state "$1") in
    PENDING | CONFIGURING | RUNNING | SUSPENDED | STOPPED | COMPLETING | RESIZING | SIGNALING | STAGE_OUT | REQUEUE*) return 1 ;;
    '') fail "no such job: $1" ;;
  esac
}
down() {
  local one
  [ "$mode" = namespaces ] || flat_kill
  for one in $(seq "$nodes"); do end "node$one"; done
  for one in head slurmctld munged; do end "$one"; done
  rm -rf -- "$run" "$dir/nodes"
}
up() {
  [ ! -e "$run/settings" ] || fail "$dir is up, or was not taken down: $0 --dir $dir down"
  [ ${#dir} -le 70 ] || fail "the name of the directory is too long for the sockets in it (70 characters): $dir"
  [[ $dir != *[[:space:]]* ]] || fail "the name of the directory must have no blanks, which slurm.conf cannot have: $dir"
  [[ $nodes =~ ^[1-9][0-9]{0,2}$ && $nodes -le 250 ]] || fail "nodes: expected=1..250 actual=$nodes"
  [ "$mode" != namespaces ] || allowed || fail 'no namespaces are allowed here: --mode flat does without'
  "$here/setup.sh"
  if [ -z "$mode" ]; then if allowed; then mode=namespaces; else mode=flat; fi; fi
  mkdir -p "$run/state" "$run/spool" "$log" "$dir/shared"
  chmod 755 "$run" # munged refuses a directory that others may write
  (umask 077; head -c 1024 /dev/urandom >"$run/munge.key")
  printf '%s\n' "$dir" "$checkout" "${shares[@]}" >"$run/shares"
  write_configuration
  local name
  for name in mode nodes memory; do printf '%s=%q\n' "$name" "${!name}"; done >"$run/settings"
  trap 'tail -n 4 "$log"/* >&2 || true; down' EXIT
  if [ "$mode" = namespaces ]; then
    enclose head
    within 10 bridge_up || fail 'no bridge'
  else
    SLURM_CONF=$run/slurm.conf daemon munged "$BASH" "$script" --dir "$dir" munged
    SLURM_CONF=$run/slurm.conf daemon slurmctld slurmctld -D -i -f "$run/slurm.conf"
  fi
  for name in $(seq "$nodes"); do boot "node$name"; done
  within 60 all_idle || fail "not all nodes are idle after 60 s: $(on_head sinfo -h -N -o '%N=%T' | tr '\n' ' ')"
  trap - EXIT
}
bridge_up() { cabling show bridge0 2>/dev/null | grep -q UP; }

command=${1:-}
[ -n "$command" ] || usage
shift
if [ "$command" = up ]; then
  nodes=4 cpus=2 mode='' lost_after=10 first_port=17000 memory=1g shares=() settings=()
  while [ $# -ge 2 ]; do
    case $1 in
      --nodes) nodes=$2 ;;
      --cpus) cpus=$2 ;;
      --mode) mode=$2 ;;
      --lost-after) lost_after=$2 ;;
      --port) first_port=$2 ;;
      --conf) settings+=("$2") ;;
      --share) shares+=("$(readlink -f -- "$2")") ;;
      *) usage ;;
    esac
    shift 2
  done
  [ $# = 0 ] || usage
  case $mode in '' | namespaces | flat) ;; *) usage ;; esac
  up
  exit
fi
if [ ! -e "$run/settings" ]; then
  [ "$command" != down ] || exit 0
  fail "nothing is up in $dir"
fi
# shellcheck source=/dev/null # written by up
. "$run/settings"
case $command in
  on | crash | boot | cut | uncut | state | waitnode)
    node=${1:-}
    [[ $node =~ ^node[1-9][0-9]*$ && ${node#node} -le $nodes ]] || fail "node: expected=node1..node$nodes actual=$node"
    shift
    ;;
esac
case "$command $#" in
  'down 0') down ;;
  'head '*) on_head "$@" ;;
  'on '*) if [ "$mode" = namespaces ]; then enter "$node" "$@"; else SLURMD_NODENAME=$node on_head "$@"; fi ;;
  'crash 0') crash "$node" ;;
  'boot 0') boot "$node" ;;
  'boot 1')
    [ "$1" = --blank ] || usage
    ! runs "$node" || fail "$node is running"
    rm -rf -- "$dir/nodes/$node"
    boot "$node"
    ;;
  'cut 0' | 'uncut 0')
    [ "$mode" = namespaces ] || fail 'flat nodes have no network of their own that could be cut'
    if [ "$command" = cut ]; then cabling set "v${node#node}" down; else cabling set "v${node#node}" up; fi
    ;;
  'state 0') state "$node" && echo ;;
  'waitnode '[12]) within "${2:-60}" is_state "$node" "$1" || fail "$node is $(state "$node"), not $1" ;;
  'waitjob '[12])
    within "${2:-600}" job_ended "$1" || fail "job $1 is $(job_state "$1") after ${2:-600} s"
    job_state "$1"
    ;;
  'munged 0') munge_daemon ;;
  'inside-head 1') inside_head ;;
  'inside-node 1') inside_node "$1" ;;
  *) usage ;;
esac
