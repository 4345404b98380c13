package org.ztp.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ServiceRequest.Fault.Harm;

/** A service as its status shows it, and what can be done to its replicas. */
final class ServiceView {
    private static final long ANSWER_SECONDS = 60;
    /** Blocks that a replica which takes part may be behind at some moment. */
    private static final long ON_THE_WAY = 16;

    private final LocalConnection connection;

    ServiceView(final ServiceHandler service) {
        connection = new LocalConnection(service);
    }

    /** The sub-clusters of its status. */
    List<? extends Config> subClusters() {
        final ServiceReply reply = call(new ServiceRequest.Status());
        if (reply instanceof ServiceReply.StatusText status) {
            return ConfigFactory.parseString(status.json()).getConfigList("subClusters");
        }
        throw new CommandException(Exit.UNAVAILABLE, "the service answered: " + reply, "is there room for the journals?");
    }

    /** Who leads a sub-cluster, as the replica in the highest view sees it. */
    int leader(final int subCluster) {
        return subClusters().get(subCluster).getConfigList("replicas").stream()
            .max(Comparator.comparingLong(replica -> replica.getLong("view"))).orElseThrow().getInt("leader");
    }

    /** The replicas of a sub-cluster. */
    List<Integer> members(final int subCluster) {
        return subClusters().get(subCluster).getConfigList("replicas").stream().map(one -> one.getInt("id")).toList();
    }

    /** The highest final block of a sub-cluster that a replica knows. */
    long height(final int subCluster) {
        return subClusters().get(subCluster).getConfigList("replicas").stream()
            .mapToLong(replica -> replica.getLong("height")).max().orElseThrow();
    }

    /** Final blocks of all sub-clusters, as far as a replica of each knows. */
    long blocks() {
        return subClusters().stream().mapToLong(subCluster -> subCluster.getConfigList("replicas").stream()
            .mapToLong(replica -> replica.hasPath("height") ? replica.getLong("height") : 0).max().orElseThrow()).sum();
    }

    /** Up to which height the archive of a sub-cluster has all. */
    long archivedHeight(final int subCluster) {
        return subClusters().get(subCluster).getLong("archivedHeight");
    }

    /** Whether a replica of a sub-cluster does not withhold its votes. */
    boolean votes(final int subCluster, final int replica) {
        return subClusters().get(subCluster).getConfigList("replicas").stream()
            .anyMatch(one -> one.getInt("id") == replica && !one.getBoolean("mute"));
    }

    /** Whether each of some replicas of a sub-cluster runs and has reached a height. */
    boolean areAt(final int subCluster, final List<Integer> replicas, final long height) {
        return subClusters().get(subCluster).getConfigList("replicas").stream()
            .filter(replica -> replicas.contains(replica.getInt("id")))
            .allMatch(replica -> replica.getString("state").equals("running") && replica.getLong("height") >= height);
    }

    /**
     * Whether each of some replicas of a sub-cluster runs, lacks no block below those it votes on, and is as far as the
     * others but for what is on its way.
     */
    boolean areBack(final int subCluster, final List<Integer> replicas) {
        final List<? extends Config> all = subClusters().get(subCluster).getConfigList("replicas");
        final long height = all.stream().mapToLong(replica -> replica.getLong("height")).max().orElseThrow();
        return all.stream().filter(replica -> replicas.contains(replica.getInt("id")))
            .allMatch(replica -> replica.getString("state").equals("running") && !replica.hasPath("blocksMissingAbove")
                && replica.getLong("height") >= height - ON_THE_WAY);
    }

    /** Does something to a replica. */
    void harm(final int replica, final Harm harm) {
        final ServiceReply reply = call(new ServiceRequest.Fault(replica, harm));
        if (!(reply instanceof ServiceReply.Done)) {
            throw new IllegalStateException("replica " + replica + ", " + harm + ": " + reply);
        }
    }

    private ServiceReply call(final ServiceRequest request) {
        try {
            return connection.call(request).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted("run it again");
        } catch (final ExecutionException | TimeoutException silent) {
            throw new CommandException(Exit.UNAVAILABLE, "the service does not answer: " + silent,
                "is the machine overloaded?");
        }
    }
}
