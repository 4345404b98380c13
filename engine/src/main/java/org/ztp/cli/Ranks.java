package org.ztp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.MessageCodec;
import org.ztp.transport.RankTransport;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportProvider;
import org.ztp.transport.TransportSetting;
import org.ztp.transport.TransportSetting.Waiting;

/** Joins the ranks of a run, whose numbers are the replicas' ids; what keeps them from coming together ends the command. */
final class Ranks {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(120);
    /** What a parcel has beside the bytes of a block or batch. */
    private static final long SPARE_BYTES = 16L << 20;

    private Ranks() {
    }

    /** The transport of that name, with as many ranks as the genesis has replicas. */
    static RankTransport join(final String name, final Genesis genesis, final Configuration configuration,
                              final TransportSetting.Watcher watcher) {
        final RankTransport ranks;
        try {
            ranks = provider(name).open(setting(configuration, watcher));
        } catch (final TransportException apart) {
            throw new CommandException(Exit.UNAVAILABLE, apart.getMessage(), apart.hint());
        }
        if (ranks.size() != genesis.replicas().size()) {
            ranks.close(TimeUnit.SECONDS.toNanos(1));
            throw new CommandException(Exit.USAGE, "ranks: expected=" + genesis.replicas().size() + " actual="
                + ranks.size(), "start one rank for each replica of genesis.conf");
        }
        return ranks;
    }

    private static TransportProvider provider(final String name) {
        final List<String> names = new ArrayList<>(List.of("local"));
        for (final TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.name().equals(name)) {
                return provider;
            }
            names.add(provider.name());
        }
        throw new CommandException(Exit.USAGE, "transport: expected=" + String.join("|", names) + " actual=" + name,
            "mpi is built by: mvn -pl native -am -DskipTests package");
    }

    private static TransportSetting setting(final Configuration configuration, final TransportSetting.Watcher watcher) {
        final long parcel = SPARE_BYTES
            + Math.max(MessageCodec.MAX_BATCH_BYTES, configuration.number(Setting.BLOCK_BYTES));
        return new TransportSetting(Math.toIntExact(parcel), Math.max(parcel, configuration.number(Setting.PEER_BYTES)),
            configuration.detectorLimitNs(), START_NS, switch (configuration.text(Setting.RING_WAIT)) {
                case "spin" -> Waiting.SPIN;
                case "yield" -> Waiting.YIELD;
                default -> Waiting.PARK;
            }, watcher);
    }
}
