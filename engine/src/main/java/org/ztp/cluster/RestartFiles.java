package org.ztp.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.ztp.ledger.Root;
import org.ztp.ledger.Voters;

/** The restarts of a cluster's sub-clusters, {@code restarts/<sub-cluster>-<number>}; the last one of each counts. */
public final class RestartFiles {
    private final ClusterDirectory directory;

    /** Those of a cluster's directory. */
    public RestartFiles(final ClusterDirectory directory) {
        this.directory = directory;
    }

    /**
     * What a sub-cluster's chain is built on.
     *
     * @throws IOException if the file system does not tell whether there is one, or a file cannot be read
     * @throws GenesisException if a file is not what a quorum has signed: nobody may vote then
     */
    public Root root(final Voters voters) throws IOException, GenesisException {
        Root root = Root.genesis(voters.chain());
        while (true) {
            final Path file = file(voters, root.number() + 1);
            final byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (final NoSuchFileException none) {
                return root;
            }
            final Optional<Restart> restart = Restart.decode(bytes);
            if (restart.isEmpty() || !restart.get().holds(voters, root.number() + 1)) {
                throw new GenesisException(file + ": not signed by a quorum of this cluster's replicas; put back"
                    + " the file as it was made");
            }
            root = restart.get().root().on(root);
        }
    }

    /** The same voters with what their chain is built on. */
    public Voters on(final Voters voters) throws IOException, GenesisException {
        return new Voters(voters.chain(), voters.subCluster(), voters.members(), voters.quorum(), voters.signatures(),
            root(voters));
    }

    /** The file of a sub-cluster's restart of this number. */
    public Path file(final Voters voters, final long number) {
        return directory.restarts().resolve(voters.subCluster() + "-" + number);
    }
}
