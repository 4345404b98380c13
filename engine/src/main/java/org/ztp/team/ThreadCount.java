package org.ztp.team;

/** How many threads the team of a process gets. */
public final class ThreadCount {
    private ThreadCount() {
    }

    /**
     * The count that {@code auto} stands for: Slurm's SLURM_CPUS_PER_TASK where it is given and a number, else the
     * processors that the process may use; within 1 .. 256.
     *
     * @param slurmCpusPerTask    the variable's value, null or blank where it is not set
     * @param availableProcessors as {@link Runtime#availableProcessors()} gives it
     */
    public static int auto(String slurmCpusPerTask, int availableProcessors) {
        return clip(slurmCpusPerTask != null && slurmCpusPerTask.strip().matches("[0-9]{1,9}")
                ? Integer.parseInt(slurmCpusPerTask.strip())
                : availableProcessors);
    }

    private static int clip(int threads) {
        return Math.max(1, Math.min(Team.MAX_THREADS, threads));
    }
}
