package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.cluster.SubCluster;
import org.ztp.consensus.Group;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.StateReader;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.Standing;
import org.ztp.wire.Hash;

/** What the parts of one simulated allocation share: genesis, keys, time and chance. */
final class Allocation {
    static final long START_MILLIS = 1_700_000_000_000L;
    static final long EPOCH_NS = 200_000_000L;

    final Random random;
    final Randomness randomness;
    final AllocationFaults faults;
    final Timeline timeline = new Timeline();
    final Genesis genesis;
    final Hash chain;
    final List<SigningKey> nodeKeys = new ArrayList<>();
    final List<Group> groups = new ArrayList<>();
    final List<SubClusterKeys> sharing = new ArrayList<>();
    /** Votes are signed by keyed hashes: thousands a second of simulated time. */
    final SimulatedKeys votes;
    final List<Voters> voters = new ArrayList<>();
    final Map<String, Integer> counts = new TreeMap<>();
    /** How a replica asks its ledger whether shares may be given. */
    LookUps lookUps = Standing::of;
    boolean healed;
    private Consumer<String> trace = line -> { };

    /** What a ledger says to a release. */
    interface LookUps {
        Standing of(StateReader state, TransactionId request, long timeMillis);
    }

    Allocation(final long seed, final int replicas, final int subClusterSize, final AllocationFaults faults) {
        this.random = new Random(seed);
        this.faults = faults;
        randomness = (out, offset, length) -> {
            for (int i = 0; i < length; i++) {
                out[offset + i] = (byte) random.nextInt(256);
            }
        };
        final int[] homes = Genesis.layOut(replicas, subClusterSize);
        final List<GenesisReplica> members = new ArrayList<>();
        for (int id = 0; id < replicas; id++) {
            final SigningKey key = SigningKey.generate(randomness);
            nodeKeys.add(key);
            members.add(new GenesisReplica(id, homes[id], key.verifyKey(), key.verifyKey().toX25519()));
        }
        genesis = new Genesis(START_MILLIS, Hash.of(randomness.bytes(Hash.BYTES)), Genesis.Limits.DEFAULT, members);
        chain = genesis.chain();
        votes = new SimulatedKeys(seed);
        for (final SubCluster one : genesis.subClusters()) {
            final Group group = new Group(chain, one.id(), one.members());
            groups.add(group);
            sharing.add(SubClusterKeys.of(genesis, one));
            voters.add(new Voters(chain, one.id(), one.members(), group.quorum(), votes::check));
        }
    }

    void traceTo(final Consumer<String> lines) {
        trace = lines;
    }

    void trace(final int replica, final String does, final Object what) {
        trace.accept(String.format("%.6f r%d %s %s", timeline.nowNs() / 1e9, replica, does, what));
    }

    void count(final String what) {
        counts.merge(what, 1, Integer::sum);
    }

    boolean chance(final int perMille) {
        return random.nextInt(1000) < perMille;
    }

    /** A time from now, at most so far. */
    long soonNs(final long atMostNs) {
        return timeline.nowNs() + (long) (random.nextDouble() * atMostNs);
    }

    long nowMillis() {
        return START_MILLIS + timeline.nowNs() / 1_000_000;
    }

    Group groupOf(final int replica) {
        return groups.get(genesis.replicas().get(replica).subCluster());
    }

    /** Whether a replica gives wrong shares: those with the highest ids of each sub-cluster. */
    boolean isLiar(final int replica) {
        final Group group = groupOf(replica);
        return group.members().indexOf(replica) >= group.size() - faults.liars();
    }
}
