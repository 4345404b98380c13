package org.ztp.mpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.cli.ProgramRun;

/**
 * The ranks of a Slurm job, one on each of its nodes. They are reached by a step beside theirs ({@code srun
 * --overlap}): srun answers SIGTERM by killing its tasks, and mpirun by killing them within a second, and neither
 * leaves time to stop in order.
 */
final class SlurmJob implements RankProcesses {
    /** Run on each node: asks the ranks there, and tells of those whose process is gone. */
    private static final String SIGNAL = "for rank in $ZTP_RANKS; do case $rank in $SLURMD_NODENAME:*) "
        + "if grep -qs org.ztp /proc/${rank#*:}/cmdline; then kill -TERM ${rank#*:}; "
        + "elif [ ! -e /proc/${rank#*:} ]; then echo gone $rank; fi;; esac; done; true";
    private static final List<String> PREEMPTED = List.of("JobState=RUNNING", "Requeue=1", "PreemptTime=[0-9]");

    private final Map<Integer, Place> ranks = new ConcurrentHashMap<>();
    private final String id;
    private final Consumer<String> say;
    /** Whether it was said that ranks cannot be asked to stop. */
    private boolean hasComplained;

    private record Place(String node, long pid) {
        @Override
        public String toString() {
            return node + ":" + pid;
        }
    }

    private SlurmJob(final String id, final Consumer<String> say) {
        this.id = id;
        this.say = say;
    }

    /**
     * The job that this process runs in.
     *
     * @param environment of this process
     * @param needed ranks, and so nodes, that it must have
     * @param say told what goes wrong
     */
    static SlurmJob here(final Map<String, String> environment, final int needed, final Consumer<String> say) throws InterruptedException {
        final String id = environment.get("SLURM_JOB_ID");
        if (id == null) {
            throw new CommandException(Exit.USAGE, "this is no job of Slurm: SLURM_JOB_ID is not set",
                "submit it: sbatch --nodes=" + needed + " slurm/ztp.sbatch");
        }
        final int nodes = nodes(environment);
        if (nodes < needed) {
            throw new CommandException(Exit.USAGE, "nodes of job " + id + ": expected=" + needed + " or more actual="
                + nodes, "each rank has a node to itself: sbatch --nodes=" + needed);
        }
        final SlurmJob job = new SlurmJob(id, say);
        final ProgramRun asked = ProgramRun.of(List.of("squeue", "--noheader", "--jobs=" + id, "--format=%T"));
        if (asked.exit() != 0) {
            throw new CommandException(Exit.UNAVAILABLE, "Slurm does not answer on this node: "
                + asked.out().lines().findFirst().orElse("exit code " + asked.exit()),
                asked.out().contains("unge") ? "munge does not run here, or with another key: ask the administrators"
                    : "look at: squeue --jobs=" + id);
        }
        return job;
    }

    /** Nodes of the job that an environment tells of; 1 if it does not. */
    static int nodes(final Map<String, String> environment) {
        final String told = environment.getOrDefault("SLURM_JOB_NUM_NODES", environment.getOrDefault("SLURM_NNODES", "1"));
        return told.matches("[0-9]{1,6}") ? Integer.parseInt(told) : 1;
    }

    /** How long a job may still run, in seconds; 0 if its environment does not tell when it has to end. */
    static long secondsLeft(final Map<String, String> environment, final long nowSeconds) {
        final String end = environment.getOrDefault("SLURM_JOB_END_TIME", "");
        return end.matches("[0-9]{1,12}") ? Math.max(0, Long.parseLong(end) - nowSeconds) : 0;
    }

    /** The job's number. */
    String id() {
        return id;
    }

    /** Whether Slurm has told this job to make room for another one, and it may be queued again. */
    boolean isPreempted() throws InterruptedException {
        final ProgramRun asked = ProgramRun.of(List.of("scontrol", "--oneliner", "show", "job", id));
        return asked.exit() == 0 && asked.out().lines().filter(line -> line.startsWith("JobId=" + id + " "))
            .anyMatch(line -> PREEMPTED.stream().allMatch(mark -> line.matches(".* " + mark + ".*")));
    }

    /**
     * Queues this job again, which ends this process. When there is a grace time Slurm itself does it only after that,
     * and takes a job for done that has ended by then.
     *
     * @return false if Slurm refuses
     */
    boolean requeue() throws InterruptedException {
        return ProgramRun.of(List.of("scontrol", "requeue", id)).exit() == 0;
    }

    @Override
    public void joined(final int rank, final long pid, final String node) {
        ranks.put(rank, new Place(node, pid));
    }

    /** Processes on other nodes are not seen from here. */
    @Override
    public boolean isGone(final Arrivals.Place place) {
        return false;
    }

    @Override
    public void stopped(final int rank) {
        ranks.remove(rank);
    }

    /** Processes on other nodes are not seen from here; the operator may know more: {@code ztp declare-ended}. */
    @Override
    public boolean hasEnded(final int rank) {
        return false;
    }

    @Override
    public Set<Integer> running() {
        return Set.copyOf(ranks.keySet());
    }

    /** Those that are found to be gone, or on nodes that Slurm calls lost, do not run any more. */
    @Override
    public void askToStop(final Set<Integer> which) throws InterruptedException {
        final Set<String> nodes = new TreeSet<>();
        places(which).forEach(place -> nodes.add(place.node()));
        final String states = ProgramRun.of(List.of("sinfo", "--noheader", "--Node", "--nodes=" + String.join(",", nodes),
            "--format=%N %T")).out();
        final Set<String> lost = new TreeSet<>(marked(states, " down"));
        lost.addAll(left(nodes));
        nodes.removeAll(lost);
        ranks.entrySet().removeIf(one -> which.contains(one.getKey()) && lost.contains(one.getValue().node()));
        nodes.removeAll(marked(states, "*")); // for now
        if (nodes.isEmpty()) {
            return;
        }
        final List<String> words = new ArrayList<>(List.of("env", "ZTP_RANKS=" + places(which).stream()
            .map(Place::toString).collect(Collectors.joining(" "))));
        words.addAll(List.of("srun", "--export=ALL", "--overlap", "--quiet", "--no-kill", "--kill-on-bad-exit=0", "--wait=0",
            "--mpi=none", "--cpus-per-task=1", "--mem=0", "--ntasks-per-node=1", "--nodes=" + nodes.size(),
            "--ntasks=" + nodes.size(), "--nodelist=" + String.join(",", nodes), "sh", "-c", SIGNAL));
        final ProgramRun asked = ProgramRun.of(words);
        final List<String> told = asked.out().lines().toList();
        ranks.values().removeIf(place -> told.contains("gone " + place));
        if (asked.exit() != 0 && !hasComplained) {
            hasComplained = true;
            say.accept("the step that asks ranks to stop failed: " + told.stream().filter(line -> !line.isBlank()
                && !line.startsWith("gone ")).findFirst().orElse("exit code " + asked.exit()));
        }
    }

    private List<Place> places(final Set<Integer> which) {
        return which.stream().map(ranks::get).filter(Objects::nonNull).toList();
    }

    private Set<String> left(final Set<String> nodes) throws InterruptedException {
        final ProgramRun listed = ProgramRun.of(List.of("squeue", "--noheader", "--jobs=" + id, "--format=%N"));
        final String list = listed.out().strip();
        return listed.exit() != 0 || list.isEmpty() ? Set.of()
            : left(nodes, ProgramRun.of(List.of("scontrol", "show", "hostnames", list)));
    }

    /**
     * Those that are not this job's any more: a step that names one does not start, also when it is back.
     *
     * @param nodes that ranks were started on
     * @param named tells the job's nodes; a job has some, and an answer without any is none
     */
    static Set<String> left(final Set<String> nodes, final ProgramRun named) {
        final Set<String> left = new TreeSet<>();
        if (named.exit() == 0 && !named.out().isBlank()) {
            left.addAll(nodes);
            named.out().lines().forEach(left::remove);
        }
        return left;
    }

    private static Set<String> marked(final String states, final String mark) {
        return states.lines().filter(line -> line.contains(mark)).map(line -> line.split(" ")[0])
            .collect(Collectors.toSet());
    }

    /** The launcher takes them with it. */
    @Override
    public void kill() {
    }
}
