package org.ztp.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.MessageCodec;
import org.ztp.crypto.KeyFormatException;
import org.ztp.runtime.Succession;
import org.ztp.storage.StorageException;
import org.ztp.transport.RankTransport;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportProvider;
import org.ztp.transport.TransportSetting;
import org.ztp.transport.TransportSetting.Waiting;

/**
 * The ranks of a run: the first ones have the replicas' roles, the others are spares. What keeps them from coming
 * together ends the command.
 *
 * @param transport the way to the others
 * @param succession who has which role
 */
record Ranks(RankTransport transport, Succession succession) implements AutoCloseable {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long LEAVE_NS = TimeUnit.SECONDS.toNanos(3);
    /** What a parcel has beside the bytes of a block or batch. */
    private static final long SPARE_BYTES = 16L << 20;

    /** Joins over the transport of that name, with at least as many ranks as the genesis has replicas. */
    static Ranks join(final String name, final ClusterDirectory directory, final Genesis genesis,
                      final Configuration configuration, final TransportSetting.Watcher watcher,
                      final Consumer<String> say) {
        final RankTransport ranks;
        try {
            ranks = provider(name).open(setting(configuration, parcelBytes(configuration, genesis), watcher));
        } catch (final TransportException apart) {
            throw new CommandException(Exit.UNAVAILABLE, apart.getMessage(), apart.hint());
        }
        try {
            if (ranks.size() < genesis.replicas().size()) {
                throw new CommandException(Exit.USAGE, "ranks: least=" + genesis.replicas().size() + " actual="
                    + ranks.size(), "start one rank for each replica of genesis.conf, and some to spare");
            }
            return new Ranks(ranks, Succession.join(directory, genesis, configuration, ranks, say));
        } catch (final StorageException | IOException | UncheckedIOException unusable) {
            ranks.close(LEAVE_NS);
            throw new CommandException(Exit.UNAVAILABLE, unusable.getMessage(),
                "if a service runs for this directory already, stop it; else look at the disk");
        } catch (final KeyFormatException badKey) {
            ranks.close(LEAVE_NS);
            throw new CommandException(Exit.USAGE, badKey.getMessage(), badKey.hint());
        } catch (final CommandException tooFew) {
            ranks.close(LEAVE_NS);
            throw tooFew;
        }
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

    /** A block may be as large as the genesis lets any replica make it, whatever this one is set to. */
    static long parcelBytes(final Configuration configuration, final Genesis genesis) {
        return SPARE_BYTES + Math.max(MessageCodec.MAX_BATCH_BYTES,
            Math.max(configuration.number(Setting.BLOCK_BYTES), genesis.limits().blockBytes()));
    }

    private static TransportSetting setting(final Configuration configuration, final long parcel,
                                            final TransportSetting.Watcher watcher) {
        return new TransportSetting(Math.toIntExact(parcel), Math.max(parcel, configuration.number(Setting.PEER_BYTES)),
            configuration.detectorLimitNs(), START_NS, switch (configuration.text(Setting.RING_WAIT)) {
                case "spin" -> Waiting.SPIN;
                case "yield" -> Waiting.YIELD;
                default -> Waiting.PARK;
            }, watcher);
    }

    @Override
    public void close() {
        succession.close();
        transport.close(LEAVE_NS);
    }
}
