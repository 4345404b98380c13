package org.ztp.mpi;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.cli.OneHost;

/**
 * The mpirun line under which ranks outlive each other.
 *
 * @param mpirun Open MPI's mpirun
 * @param ranks how many
 * @param segments directory for the shared memory of all ranks and for Open MPI's own files, if they are on one host;
 *                 empty if they are on several
 */
public record MpirunLine(Path mpirun, int ranks, Optional<Path> segments) {
    /** The words of the command. */
    public List<String> words(final List<String> rank) {
        return words(List.of(), rank);
    }

    /** The words of the command, with further options of mpirun. */
    List<String> words(final List<String> options, final List<String> rank) {
        final List<String> words = new ArrayList<>(List.of(mpirun.toString(), "-n", Integer.toString(ranks),
            "--enable-recovery", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1",
            "--mca", "opal_event_include", "epoll"));
        if (segments.isPresent()) {
            words.addAll(List.of("--mca", "pml", "ob1", "--mca", "btl", "self,vader",
                "--mca", "btl_vader_free_list_max", "16384", "--mca", "btl_vader_segment_size", "134217728",
                "--mca", "btl_vader_backing_directory", segments.get().toString(),
                "--mca", "orte_tmpdir_base", segments.get().toString()));
            words.addAll(OneHost.OPTIONS);
            words.addAll(List.of("--host", "localhost:" + ranks));
        } else {
            words.addAll(List.of("-x", "UCX_ERROR_SIGNALS", "-x", "IPATH_NO_BACKTRACE", "-x", "HFI_NO_BACKTRACE",
                "--map-by", "ppr:1:node", "--mca", "pml", "ucx", "--mca", "pml_ucx_tls", "any",
                "--mca", "pml_ucx_devices", "any"));
        }
        words.addAll(options);
        words.addAll(rank);
        return words;
    }
}
