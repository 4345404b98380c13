package org.ztp.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import org.ztp.client.ring.ClientPort;
import org.ztp.client.ring.PortLimits;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;

/** The port for the clients of a cluster's directory on this node, of which several processes may want to be the one. */
final class NodePort {
    private final ClusterDirectory directory;
    private final Configuration configuration;
    private final Consumer<String> say;
    private boolean admitted;
    private String trouble = "";

    /**
     * Opens nothing yet.
     *
     * @param say told why the port cannot be opened, where that ends nothing
     */
    NodePort(final ClusterDirectory directory, final Configuration configuration, final Consumer<String> say) {
        this.directory = directory;
        this.configuration = configuration;
        this.say = say;
    }

    /**
     * Opens it, and the cluster's directory to those who may use it; empty if another process has it.
     *
     * @throws IOException if it cannot be opened: no room in memory, somebody else's file in the way, no such group
     */
    Optional<ClientPort> open() throws IOException {
        if (!admitted) {
            new ClientsGroup(directory, configuration.text(Setting.CLIENTS_GROUP)).admit();
            admitted = true;
        }
        return ClientPort.open(directory.root(), PortLimits.of(configuration),
            new SecureRandom().nextLong() & Long.MAX_VALUE, System::nanoTime);
    }

    /**
     * Opens it, if that can be done now. A rank goes on without: its replica needs no clients on this node, and the others
     * need the replica. What is the matter is said when it changes.
     */
    Optional<ClientPort> openIfPossible() {
        try {
            final Optional<ClientPort> port = open();
            trouble = "";
            return port;
        } catch (final IOException now) {
            if (!trouble.equals(now.toString())) {
                trouble = now.toString();
                say.accept("clients on this node cannot be served: " + trouble + "; it is tried again");
            }
            return Optional.empty();
        }
    }
}
