package org.ztp.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ztp.crypto.KeyFormatException;
import org.ztp.wire.Hash;

/**
 * The paths in a cluster's directory.
 *
 * @param root the directory
 */
public record ClusterDirectory(Path root) {
    /** The genesis as text. */
    public Path genesisFile() {
        return root.resolve("genesis.conf");
    }

    /** The configuration. */
    public Path configurationFile() {
        return root.resolve("ztp.conf");
    }

    /** Who uses the directory, or did last. */
    public ClaimFiles claims() {
        return new ClaimFiles(root.resolve("claims"));
    }

    /** Where it stands that voting began anew, and after which blocks. */
    public Path restarts() {
        return root.resolve("restarts");
    }

    /** What belongs to one replica. */
    public Path replica(final int id) {
        return root.resolve("replicas").resolve(Integer.toString(id));
    }

    /** A replica's private key. */
    public Path nodeKey(final int id) {
        return replica(id).resolve("node.key");
    }

    /** Who has run a replica. */
    public IncarnationFiles incarnations(final int id) {
        return new IncarnationFiles(replica(id));
    }

    /**
     * The directories that whoever runs replicas locks: this one, for all of them, and the data of each, also where a later
     * incarnation has other data.
     *
     * @throws UncheckedIOException if they cannot be read
     */
    public List<Path> owned() {
        final Path replicas = root.resolve("replicas");
        final List<Path> owned = new ArrayList<>(List.of(root));
        if (Files.isDirectory(replicas)) {
            try (Stream<Path> each = Files.list(replicas)) {
                each.filter(Files::isDirectory).forEach(replica -> {
                    owned.add(replica);
                    owned.add(new IncarnationFiles(replica).data());
                });
            } catch (final IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return owned;
    }

    /** Directory of a replica's blocks, those of its last incarnation. */
    public Path journal(final int id) {
        return incarnations(id).data().resolve("journal");
    }

    /** A replica's safety record. */
    public Path safety(final int id) {
        return incarnations(id).data().resolve("safety");
    }

    /** Directory of a replica's state. */
    public Path state(final int id) {
        return incarnations(id).data().resolve("state");
    }

    /** Directory of the ciphertext. */
    public Path blobs() {
        return root.resolve("blobs");
    }

    /** Where the replicas of a chain have what is their node's own, in a directory that every node has its own of. */
    public static ClusterDirectory onNode(final Path local, final Hash chain) {
        return new ClusterDirectory(local.resolve("ztp-" + chain.toString().substring(0, 16)));
    }

    /** Reads the genesis. */
    public Genesis readGenesis() throws IOException, GenesisException {
        return GenesisText.read(genesisFile());
    }

    /** Reads a replica's key and checks it against the genesis. */
    public NodeKey readNodeKey(final Genesis genesis, final int id) throws IOException, KeyFormatException {
        return NodeKey.read(nodeKey(id), genesis.replicas().get(id));
    }
}
