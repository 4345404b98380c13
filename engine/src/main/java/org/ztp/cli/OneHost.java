package org.ztp.cli;

import java.util.List;

/** How mpirun is kept on the host that it runs on. */
public final class OneHost {
    /**
     * Its options: in an allocation mpirun would start daemons or ranks on all of its nodes, where they share no
     * memory with this one and do not reach its loopback. {@code native/setup.sh} has the same.
     */
    public static final List<String> OPTIONS = List.of("--mca", "ras", "^slurm,tm,lsf,gridengine",
        "--mca", "plm", "isolated", "--mca", "oob_tcp_if_include", "lo");

    private OneHost() {
    }
}
