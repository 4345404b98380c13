package org.ztp.mpi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The line that starts one rank on each node of a Slurm job, so that ranks outlive each other and a node.
 *
 * @param mpirun Open MPI's mpirun if that starts them, empty for srun
 * @param ranks how many, each on a node of its own
 * @param nodes which they are to be; empty for any of the job's
 * @param cpus cores of each, as the job was given them; empty if it was not told
 */
record SlurmLine(Optional<Path> mpirun, int ranks, List<String> nodes, Optional<String> cpus) {
    /** UCX is the one that survives a peer's death between nodes; whoever has set these variables knows better. */
    private static final Map<String, String> ENVIRONMENT = Map.of("OMPI_MCA_pml", "ucx", "OMPI_MCA_pml_ucx_tls", "any",
        "OMPI_MCA_pml_ucx_devices", "any");

    /**
     * The words of the command. A job that was submitted with an environment of its own hands srun a word not to pass on what
     * was set since, which ranks need.
     */
    List<String> words(final List<String> rank) {
        if (mpirun.isPresent()) {
            final List<String> options = new ArrayList<>(List.of("--mca", "plm_slurm_args", "--no-kill"));
            if (!nodes.isEmpty()) {
                options.addAll(List.of("--host", String.join(",", nodes)));
            }
            return new MpirunLine(mpirun.get(), ranks, Optional.empty()).words(options, rank);
        }
        final List<String> words = new ArrayList<>(List.of("srun", "--export=ALL", "--mpi=pmix", "--no-kill", "--kill-on-bad-exit=0",
            "--wait=0", "--nodes=" + ranks, "--ntasks=" + ranks, "--ntasks-per-node=1"));
        if (!nodes.isEmpty()) {
            words.add("--nodelist=" + String.join(",", nodes));
        }
        cpus.ifPresent(count -> words.add("--cpus-per-task=" + count));
        words.addAll(rank);
        return words;
    }

    /** Sets what the ranks need to have in their environment, beside {@code native/env.sh}. */
    void setEnvironment(final Map<String, String> environment) {
        ENVIRONMENT.forEach(environment::putIfAbsent);
    }
}
