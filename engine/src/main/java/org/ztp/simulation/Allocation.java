package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisReplica;
import org.ztp.cluster.SubCluster;
import org.ztp.consensus.Group;
import org.ztp.consensus.ReplicaCore;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.StateReader;
import org.ztp.privacy.SharingRules;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.Standing;
import org.ztp.wire.Hash;

/** What the parts of one simulated allocation share: genesis, keys, time and chance. */
final class Allocation {
    static final long EPOCH_NS = 200_000_000L;

    final Course course;
    final Random random;
    final Timeline timeline;
    final Randomness randomness;
    final AllocationFaults faults;
    final Genesis genesis;
    final Hash chain;
    final List<SigningKey> nodeKeys = new ArrayList<>();
    /** Ids of all replicas: each is a node. */
    final List<Integer> nodes = new ArrayList<>();
    final List<Group> groups = new ArrayList<>();
    final List<World> worlds = new ArrayList<>();
    final List<SubClusterKeys> sharing = new ArrayList<>();
    final List<Voters> voters = new ArrayList<>();
    /** How a replica asks its ledger whether shares may be given. */
    LookUps lookUps = Standing::of;

    /** How a replica finds out whether its ledger is behind. */
    Recencies recencies = ReplicaCore::isRecent;

    /** Whether a ledger is not behind. */
    interface Recencies {
        boolean of(ReplicaCore core, long nowNs, long wallMillis);
    }

    /** What a ledger says to a release. */
    interface LookUps {
        Standing of(StateReader state, TransactionId request, long timeMillis);
    }

    Allocation(final long seed, final int subClusterSize, final AllocationFaults faults) {
        course = new Course(seed);
        random = course.random;
        timeline = course.timeline;
        this.faults = faults;
        randomness = (out, offset, length) -> {
            for (int i = 0; i < length; i++) {
                out[offset + i] = (byte) random.nextInt(256);
            }
        };
        final int[] homes = Genesis.layOut(faults.replicas(), subClusterSize);
        final List<GenesisReplica> members = new ArrayList<>();
        for (int id = 0; id < homes.length; id++) {
            final SigningKey key = SigningKey.generate(randomness);
            nodeKeys.add(key);
            nodes.add(id);
            members.add(new GenesisReplica(id, homes[id], key.verifyKey(), key.verifyKey().toX25519()));
        }
        genesis = new Genesis(Course.START_MILLIS, Hash.of(randomness.bytes(Hash.BYTES)), Genesis.Limits.DEFAULT,
            members);
        chain = genesis.chain();
        // votes are signed by keyed hashes: thousands a second of simulated time
        final SimulatedKeys votes = new SimulatedKeys(seed);
        for (final SubCluster one : genesis.subClusters()) {
            final Group group = new Group(chain, one.id(), one.members());
            groups.add(group);
            sharing.add(SubClusterKeys.of(genesis, one));
            voters.add(new Voters(chain, one.id(), one.members(), group.quorum(), votes::check));
        }
        for (final SubCluster one : genesis.subClusters()) {
            worlds.add(new World(course, faults.subClusters().get(one.id()), groups.get(one.id()), votes,
                SharingRules.of(genesis, one), groups.size() == 1 ? List.of() : voters));
        }
    }

    /** What a replica's sub-cluster shares. */
    World worldOf(final int replica) {
        return worlds.get(genesis.replicas().get(replica).subCluster());
    }

    boolean isTraitor(final int replica) {
        return worldOf(replica).isTraitor(replica);
    }
}
