package org.ztp.bench;

import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.ledger.Bundle;
import org.ztp.tuning.Load;
import picocli.CommandLine.Option;

/** The options of commands that load a new cluster with one kind of bundle. */
final class LoadOptions {
    private static final int MAX_CLIENTS = 1_024;
    private static final int MAX_REPLICAS = 64;

    @Option(names = "--replicas", defaultValue = "4", paramLabel = "N",
        description = "Replicas of the cluster, 4 .. 64 (default: ${DEFAULT-VALUE}).")
    private int replicas;
    @Option(names = "--payload", defaultValue = "256", paramLabel = "BYTES",
        description = "Payload of a transaction (default: ${DEFAULT-VALUE}).")
    private int payload;
    @Option(names = "--bundle", defaultValue = "100", paramLabel = "N",
        description = "Transactions that a client signs at once (default: ${DEFAULT-VALUE}).")
    private int bundle;
    @Option(names = "--clients", defaultValue = "8", paramLabel = "N",
        description = "Clients, each with its own key and thread (default: ${DEFAULT-VALUE}).")
    private int clients;
    @Option(names = "--durability", defaultValue = "disk", paramLabel = "memory|os|disk",
        description = "When a vote counts as stored (default: ${DEFAULT-VALUE}).")
    private String durability;

    int replicas() {
        return replicas;
    }

    int payload() {
        return payload;
    }

    int bundle() {
        return bundle;
    }

    int clients() {
        return clients;
    }

    String durability() {
        return durability;
    }

    /** The load, of bundles of so many transactions; what is out of bounds ends the command. */
    Load load(final BenchOptions options, final int inFlight, final int perBundle, final double rate) {
        options.check("--replicas", replicas, 4, MAX_REPLICAS);
        options.check("--payload", payload, 0, 1 << 20);
        options.check("--bundle", bundle, 1, Bundle.MAX_TRANSACTIONS);
        options.check("--clients", clients, 1, MAX_CLIENTS);
        options.check("--in-flight", inFlight, 1, Load.MAX_IN_FLIGHT);
        final Load load = new Load(clients, inFlight, perBundle, payload, rate);
        if ((long) perBundle * (load.transactionBytes() + Integer.BYTES) > Bundle.MAX_BODY_BYTES) {
            throw new CommandException(Exit.USAGE, "a bundle of " + perBundle + " transactions of " + payload
                + " bytes is too large: limit=" + Bundle.MAX_BODY_BYTES + " bytes",
                "use a smaller --bundle or --payload");
        }
        return load;
    }
}
