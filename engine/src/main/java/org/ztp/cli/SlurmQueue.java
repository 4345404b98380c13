package org.ztp.cli;

import java.util.List;
import java.util.Set;

/** What the Slurm of this machine knows of jobs. */
public final class SlurmQueue implements Claim.Jobs {
    private static final String UNKNOWN_JOB = "Invalid job id";
    private static final Set<String> ENDED = Set.of("BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED",
        "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "TIMEOUT", "REVOKED");

    /**
     * Whether a job has not ended as far as Slurm knows; one that it does not know has.
     *
     * @throws CommandException if Slurm does not tell, or there is none here
     */
    @Override
    public boolean isActive(final String id) throws InterruptedException {
        final ProgramRun asked = ProgramRun.of(List.of("squeue", "--noheader", "--states=all", "--jobs=" + id,
            "--format=%A %T"));
        return isActive(id, asked.exit(), asked.out());
    }

    @Override
    public String cluster() throws InterruptedException {
        final ProgramRun asked = ProgramRun.of(List.of("scontrol", "show", "config"));
        return asked.exit() == 0 ? cluster(asked.out()) : "";
    }

    /** What scontrol's answer says of the cluster. */
    static String cluster(final String out) {
        return out.lines().map(line -> line.strip().split("\\s*=\\s*", 2)).filter(words -> words.length == 2
            && words[0].equals("ClusterName")).map(words -> words[1]).findFirst().orElse("");
    }

    /** What squeue's answer says of a job; if it is none, nobody may take the job for one that has ended. */
    static boolean isActive(final String id, final int exit, final String out) {
        if (exit != 0 && out.contains(UNKNOWN_JOB)) {
            return false;
        }
        final List<String> states = exit == 0 ? out.lines().map(line -> line.strip().split(" ")) // of an array all jobs are told
            .filter(words -> words.length == 2 && words[0].equals(id)).map(words -> words[1]).toList() : List.of();
        if (states.isEmpty()) {
            throw new CommandException(Exit.UNAVAILABLE, "Slurm does not tell whether job " + id + " has ended: "
                + out.lines().findFirst().orElse("exit code " + exit + ", and nothing said"),
                "try again; look at: squeue --jobs=" + id);
        }
        return states.stream().anyMatch(state -> !ENDED.contains(state));
    }
}
