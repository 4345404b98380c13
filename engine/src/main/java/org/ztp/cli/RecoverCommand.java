package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SystemRandomness;
import org.ztp.runtime.Recovery;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.DirectoryLock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp recover}. */
@Command(name = "recover", mixinStandardHelpOptions = true,
    description = "After all nodes were lost with what they had: let the cluster go on from its archive. Without --yes it "
        + "tells from where it would go on. With it, what was final above that is lost for good, and voting begins anew, in "
        + "those sub-clusters that did not end in order: only for when no process of the service runs anywhere, or ever "
        + "will again with what it remembers.")
public final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration (default: DIR/ztp.conf).")
    private Path configurationFile;
    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public Integer call() {
        final List<Recovery.Point> points = claimed();
        common.result(Map.of("done", yes, "subClusters", points.stream().map(RecoverCommand::document).toList()),
            points.stream().map(this::text).collect(Collectors.joining(System.lineSeparator())));
        final int others = common.genesis().subClusters().size() - points.size();
        if (others > 0) {
            common.say((others == 1 ? "one sub-cluster" : others + " sub-clusters")
                + " ended in order: nothing of that is lost, and nothing of it begins anew");
        }
        common.say(yes ? "next: start the service" : "what was final above that is lost; to do it, unless the last service ended"
            + " in order: ztp recover --yes");
        return Exit.DONE.code();
    }

    private static Map<String, Object> document(final Recovery.Point point) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("subCluster", point.subCluster());
        document.put("height", point.root().height());
        document.put("block", point.root().block().toString());
        document.put("firstView", point.root().firstView());
        document.put("setAside", point.damaged());
        return document;
    }

    private String text(final Recovery.Point point) {
        return String.format(Locale.ROOT, "%s sub-cluster %d from height %d (%s, block %s)%s",
            yes ? "goes on:" : "would go on:", point.subCluster(), point.root().height(),
            Instant.ofEpochMilli(point.timeMillis()), point.root().block().brief(), point.damaged() == 0 ? ""
                : "; damaged, or behind what is damaged: " + point.damaged() + " files");
    }

    private List<Recovery.Point> claimed() {
        final Configuration configuration = common.configuration(configurationFile);
        if (!yes) {
            Claim.look(common.directory());
            return recovered(common.directory(), common.genesis(), configuration,
                recovery -> recovery.isNeedless() ? recovery.points() : recovery.lost());
        }
        final Genesis genesis = common.genesis();
        final Claim claim = Claim.ofProcess(common.directory());
        try {
            return runIfLost(common.directory(), genesis, configuration).orElseThrow(() -> new CommandException(Exit.USAGE,
                "the last service ended in order: nothing is lost", "start the service; if what it left cannot be used, remove"
                + " the directories replicas/*/handover first"));
        } finally {
            claim.end(common::say);
        }
    }

    /**
     * Lets those sub-clusters go on from their archive that did not end in order: who asked for it may have done so for an
     * earlier loss. The caller has claimed the directory.
     *
     * @return from where; empty if nothing is lost
     * @throws CommandException if it cannot be done, or is not to be done
     */
    public static Optional<List<Recovery.Point>> runIfLost(final ClusterDirectory directory, final Genesis genesis,
                                                           final Configuration configuration) {
        return recovered(directory, genesis, configuration, recovery -> {
            if (recovery.isNeedless()) {
                return Optional.empty();
            }
            final List<Recovery.Point> points = recovery.lost();
            recovery.begin(points);
            return Optional.of(points);
        });
    }

    /** What is done with a recovery. */
    private interface Deed<T> {
        T with(Recovery recovery) throws IOException, KeyFormatException;
    }

    private static <T> T recovered(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                                   final Deed<T> deed) {
        final Optional<Path> archive = configuration.archiveDirectory();
        if (archive.isEmpty() || configuration.localDirectory().isEmpty()) {
            throw new CommandException(Exit.USAGE, "archive.dir and local.dir are not both set",
                "journals in the cluster's directory are not lost with the nodes: start the service");
        }
        if (directory.owned().stream().anyMatch(DirectoryLock::isHeld)) {
            throw new CommandException(Exit.UNAVAILABLE, "the service runs for " + directory.root(), "stop it first");
        }
        try {
            return deed.with(new Recovery(directory, archive.get(), new SystemRandomness()));
        } catch (final StorageException unusable) {
            throw new CommandException(unusable.kind() == StorageException.Kind.CORRUPT ? Exit.UNVERIFIED
                : Exit.UNAVAILABLE, unusable.getMessage(), "look at it with: ztp verify");
        } catch (final KeyFormatException badKey) {
            throw new CommandException(Exit.USAGE, badKey.getMessage(), badKey.hint());
        } catch (final GenesisException other) {
            throw new CommandException(Exit.USAGE, other.getMessage(), "");
        } catch (final IOException unreadable) {
            throw new CommandException(Exit.USAGE, Failures.describe(unreadable),
                "all replicas' keys must be in the cluster's directory");
        }
    }
}
