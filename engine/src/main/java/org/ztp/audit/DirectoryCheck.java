package org.ztp.audit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.crypto.KeyFormatException;

/** Checks names and node keys: what stands in the directory that is no part of a ledger, and who may read the keys. */
final class DirectoryCheck {
    private static final Set<String> TOP =
        Set.of("genesis.conf", "ztp.conf", "replicas", "blobs", "claims", "restarts", "lock", "LOCK");
    private static final Set<String> REPLICA =
        Set.of("node.key", "node.key.pub", "journal", "safety", "state", "snapshot", "incarnations", "life", "handover",
            "lock", "LOCK");

    private final ClusterDirectory directory;
    private final Findings findings;

    DirectoryCheck(final ClusterDirectory directory, final Findings findings) {
        this.directory = directory;
        this.findings = findings;
    }

    /** Names everything that is not known here. */
    void names(final Genesis genesis) throws IOException {
        unknown(directory.root(), TOP);
        final Path replicas = directory.replica(0).getParent();
        for (final String name : list(replicas)) {
            final boolean known = name.matches("0|[1-9][0-9]{0,3}")
                && Integer.parseInt(name) < genesis.replicas().size();
            if (known) {
                unknown(replicas.resolve(name), REPLICA);
                unknown(replicas.resolve(name).resolve("safety"), Set.of("record"));
            } else {
                findings.note(relative(replicas.resolve(name)), "no replica of this genesis");
            }
        }
    }

    private void unknown(final Path parent, final Set<String> names) throws IOException {
        for (final String name : list(parent)) {
            if (!names.contains(name)) {
                findings.note(relative(parent.resolve(name)), name.startsWith("record.")
                    ? "remainder of a safety record" : "no part of the ledger");
            }
        }
    }

    /** Checks a replica's key, if it is here. */
    void nodeKey(final Genesis genesis, final int replica) {
        final Path file = directory.nodeKey(replica);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(directory.replica(replica))) {
                findings.note(relative(file), "the key is not here");
            }
            return;
        }
        try {
            directory.readNodeKey(genesis, replica).close();
        } catch (final AccessDeniedException othersOwn) {
            findings.note(relative(file), "the key is not this user's to read, and was not looked at");
        } catch (final IOException | KeyFormatException wrong) {
            findings.fault(relative(file), String.valueOf(wrong.getMessage()));
        }
    }

    /** A path as findings name it. */
    String relative(final Path path) {
        return directory.root().relativize(path).toString();
    }

    private static List<String> list(final Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(parent)) {
            return children.map(child -> child.getFileName().toString()).sorted().toList();
        }
    }
}
