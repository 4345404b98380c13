package org.ztp.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.config.Configuration;
import org.ztp.transport.Parcel;
import org.ztp.transport.ParcelCodec;
import org.ztp.transport.PeerState;
import org.ztp.transport.RankTransport;
import org.ztp.transport.Voice;
import org.ztp.wire.WireWriter;

/**
 * A run of ranks in one process, each with a role with its own service; what they send to each other goes through bytes. A rank
 * that is cut off neither sends nor receives.
 */
final class RanksOfOneProcess implements AutoCloseable {
    private final ClusterDirectory directory;
    private final Configuration configuration;
    private final int size;
    private final Map<Integer, RankTransport.Receiver> receivers = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> cut = new ConcurrentHashMap<>();
    private volatile BiPredicate<Integer, Parcel> lost = (to, parcel) -> false;
    private final AtomicInteger relayed = new AtomicInteger();
    private final Map<Integer, Succession> successions = new HashMap<>();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Map<Integer, Service> services = new HashMap<>();

    RanksOfOneProcess(final ClusterDirectory directory, final Configuration configuration) throws Exception {
        this(directory, configuration, 0, Set.of());
    }

    RanksOfOneProcess(final ClusterDirectory directory, final Configuration configuration, final int spares) throws Exception {
        this(directory, configuration, spares, Set.of());
    }

    /** A run in which some ranks do not come before they are told to. */
    RanksOfOneProcess(final ClusterDirectory directory, final Configuration configuration, final int spares,
                      final Set<Integer> late) throws Exception {
        this.directory = directory;
        this.configuration = configuration;
        final int replicas = directory.readGenesis().replicas().size();
        size = replicas + spares;
        for (int rank = 0; rank < size; rank++) {
            if (!late.contains(rank)) {
                join(rank);
            }
        }
        for (int rank = 0; rank < replicas; rank++) {
            if (!late.contains(rank)) {
                services.put(rank, Service.start(directory, configuration, new Service.Options(true), successions.get(rank)));
            }
        }
    }

    /** Lets a rank come that is late. */
    Succession join(final int rank) throws Exception {
        final Succession joined = Succession.join(directory, directory.readGenesis(), configuration, new End(rank), said::add);
        successions.put(rank, joined);
        return joined;
    }

    Service service(final int rank) {
        return services.get(rank);
    }

    /** What ranks told people. */
    List<String> said() {
        return said;
    }

    Succession succession(final int rank) {
        return successions.get(rank);
    }

    /** Parcels so far that took what clients asked, or answers, from rank to rank. */
    int relayed() {
        return relayed.get();
    }

    void cut(final int rank) {
        cut.put(rank, true);
    }

    /** From now on parcels of a kind do not arrive; what was lost before arrives again. */
    void lose(final BiPredicate<Integer, Parcel> toAndWhat) {
        lost = toAndWhat;
    }

    /** The service of a rank ends. */
    void leave(final int rank) {
        services.remove(rank).close();
    }

    void mend(final int rank) {
        cut.remove(rank);
    }

    /** Lets a rank say something to another, true or not. */
    boolean say(final int from, final int to, final Parcel parcel) {
        return new End(from).send(to, new Voice(from, 0), parcel);
    }

    @Override
    public void close() {
        services.values().forEach(Service::close);
        successions.values().forEach(Succession::close);
    }

    private final class End implements RankTransport {
        private final int rank;

        End(final int rank) {
            this.rank = rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public long run() {
            return 7;
        }

        @Override
        public boolean send(final int to, final Voice voice, final Parcel parcel) {
            if (to < 0 || to >= size || to == rank) {
                throw new IllegalArgumentException("rank: " + to);
            }
            final WireWriter out = new WireWriter();
            ParcelCodec.encode(parcel, out);
            final byte[] bytes = out.toBytes();
            final Optional<Parcel> read = ParcelCodec.decode(bytes, 0, bytes.length);
            final RankTransport.Receiver receiver = receivers.get(to);
            if (cut.containsKey(rank) || cut.containsKey(to) || receiver == null || lost.test(to, parcel)) {
                return true; // it is under way, and never arrives
            }
            if (parcel instanceof Parcel.Relaying) {
                relayed.incrementAndGet();
            }
            return receiver.onParcel(rank, voice, read.orElseThrow());
        }

        @Override
        public void receive(final Receiver receiver) {
            receivers.put(rank, receiver);
        }

        @Override
        public List<PeerState> peers() {
            return List.of();
        }

        @Override
        public boolean close(final long waitNs) {
            return true;
        }
    }
}
