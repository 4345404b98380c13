package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cluster.IncarnationFiles;
import org.ztp.storage.disk.DirectoryLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ztp declare-ended}. */
@Command(name = "declare-ended", mixinStandardHelpOptions = true,
    description = "Say that the process of a replica has ended for good, as when its node is lost: over MPI a spare rank may then"
        + " take the role over though the others are no quorum. Say it only if you know.")
final class DeclareEndedCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Parameters(paramLabel = "REPLICA", description = "Number of the replica.")
    private int replica;

    @Override
    public Integer call() {
        final int replicas = common.genesis().replicas().size();
        if (replica < 0 || replica >= replicas) {
            throw new CommandException(Exit.USAGE, "replica: expected=0 .. " + (replicas - 1) + " actual=" + replica,
                "ztp status tells which are silent");
        }
        final IncarnationFiles files = common.directory().incarnations(replica);
        final Path data = files.data();
        if (DirectoryLock.isHeld(data)) {
            throw new CommandException(Exit.USAGE, "the process of replica " + replica + " runs: it holds the lock of " + data,
                "end it first: the file LOCK there has its process id");
        }
        final int incarnation = files.current();
        try {
            files.noteEnded(incarnation);
        } catch (final IOException unwritable) {
            throw new CommandException(Exit.USAGE, unwritable.toString(), "be the owner of the cluster's directory");
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("replica", replica);
        document.put("incarnation", incarnation);
        common.result(document, "incarnation " + incarnation + " of replica " + replica + " has ended");
        return Exit.DONE.code();
    }
}
