package org.ztp.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ztp.audit.DiskAudit;
import org.ztp.cluster.SubCluster;
import org.ztp.ledger.Voters;
import org.ztp.ledger.state.Executor;
import org.ztp.team.Team;

/** Whatever others did, the journal of a replica that does not lie verifies, if its disk keeps what is written. */
final class SimulatedDisksTest {
    private final Team team = new Team(1);
    private int verified;

    @AfterEach
    void closeTheTeam() {
        team.close();
    }

    private void verify(final long seed, final SimulatedSubCluster members, final List<Voters> voters) {
        final World world = members.world;
        final DiskAudit audit = new DiskAudit(new SubCluster(world.group.subCluster(), world.group.members()), voters,
            new Executor(world.rules), team);
        for (final SimulatedReplica replica : members.honest()) {
            final Optional<List<String>> faults = audit.faults(replica.journal());
            assertEquals(List.of(), faults.orElse(List.of()), () -> "seed " + seed + " replica " + replica.id);
            verified += faults.isPresent() ? 1 : 0;
        }
    }

    @Test
    void journalsOfHonestReplicasVerifyAfterManySeeds() {
        for (long seed = 1; seed <= 20; seed++) {
            final SimulatedCluster cluster = new SimulatedCluster(seed);
            cluster.run(6, 20);
            final World world = cluster.members().world;
            verify(seed, cluster.members(), List.of(new Voters(World.CHAIN, 0, world.group.members(), world.group.quorum(),
                world.keys::check)));
        }
        assertTrue(verified > 40, "verified: " + verified);
    }

    @Test
    void soTheyDoInAllocations() {
        for (long seed = 1; seed <= 4; seed++) {
            final SimulatedAllocation allocation = new SimulatedAllocation(seed, 8, 4);
            allocation.run(4, 10);
            for (final SimulatedSubCluster one : allocation.subClusters()) {
                verify(seed, one, one.world.voters);
            }
        }
        assertTrue(verified > 16, "verified: " + verified);
    }
}
