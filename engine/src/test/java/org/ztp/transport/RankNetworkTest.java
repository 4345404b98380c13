package org.ztp.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Message;
import org.ztp.epoch.EpochMessage;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.transport.RankNotice.Superseded;
import org.ztp.wire.Hash;

class RankNetworkTest {
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});
    private static final Parcel PARCEL = new Parcel.Ordering(new Message.WantBlock(CHAIN));

    private final List<String> received = new ArrayList<>();
    private final RoleTable roles = new RoleTable(CHAIN, 7, 6, new int[4], (replica, message, signature) -> true);
    private final Wire wire = new Wire();
    private final RankNetwork network = new RankNetwork(wire, roles, (rank, voice, notice) -> { });

    /** Rank 1 of 6, seen from inside. */
    private static final class Wire implements RankTransport {
        private final List<String> sent = new ArrayList<>();
        private final List<Parcel> parcels = new ArrayList<>();
        private Receiver receiver;

        @Override
        public int rank() {
            return 1;
        }

        @Override
        public int size() {
            return 6;
        }

        @Override
        public long run() {
            return 7;
        }

        @Override
        public boolean send(final int to, final Voice voice, final Parcel parcel) {
            if (to < 0 || to >= size() || to == rank()) {
                throw new IllegalArgumentException("rank: " + to);
            }
            sent.add("to " + to + " as " + voice.role() + "." + voice.incarnation());
            parcels.add(parcel);
            return true;
        }

        @Override
        public void receive(final Receiver taker) {
            receiver = taker;
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

    RankNetworkTest() {
        network.speakAs(new Voice(1, 0));
        network.join(1, (from, parcel) -> received.add("from " + from));
    }

    @Test
    void parcelsGoToWhoeverRunsTheReplica() {
        assertTrue(network.from(1).send(2, PARCEL));
        roles.claim(new Claim(new Incarnation(2, 1, 7, 4), new byte[64]));
        assertTrue(network.from(1).send(2, PARCEL));
        roles.decided(new Incarnation(2, 2, 6, 5));
        assertFalse(network.from(1).send(2, PARCEL), "nobody knows where it is");
        assertEquals(List.of("to 2 as 1.0", "to 4 as 1.0"), wire.sent);
    }

    @Test
    void aRankThatThereIsNotRunsNoReplica() {
        roles.claim(new Claim(new Incarnation(2, 1, 7, 6), new byte[64]));
        assertTrue(network.from(1).send(2, PARCEL));
        roles.decided(new Incarnation(2, 2, 7, 60_000));
        assertFalse(network.from(1).send(2, PARCEL), "nobody knows where it is");
        assertEquals(List.of("to 2 as 1.0"), wire.sent);
    }

    @Test
    void onlyWhoRunsAReplicaIsHeardInItsName() {
        assertTrue(wire.receiver.onParcel(2, new Voice(2, 0), PARCEL));
        assertFalse(wire.receiver.onParcel(3, new Voice(2, 0), PARCEL));
        assertFalse(wire.receiver.onParcel(4, Voice.SPARE, PARCEL));
        assertEquals(List.of("from 2"), received);
    }

    @Test
    void whatIsSaidAboutEpochsGoesToWhoMakesThemThoughTheReplicaIsGone() {
        final Parcel about = new Parcel.Epochs(new EpochMessage.Ask(1, List.of(1L, 2L)));
        network.receiveEpochs((from, parcel) -> received.add("epochs from " + from));
        network.leave(1);
        assertTrue(wire.receiver.onParcel(2, new Voice(2, 0), about));
        assertFalse(wire.receiver.onParcel(2, new Voice(2, 0), PARCEL));
        assertFalse(wire.receiver.onParcel(3, new Voice(2, 0), about));
        assertEquals(List.of("epochs from 2"), received);
    }

    @Test
    void whoWakesUpSupersededIsRefusedAndToldByWhom() {
        final Claim by = new Claim(new Incarnation(2, 1, 7, 4), new byte[64]);
        roles.claim(by);
        assertFalse(wire.receiver.onParcel(2, new Voice(2, 0), PARCEL));
        assertTrue(wire.receiver.onParcel(4, new Voice(2, 1), PARCEL));
        assertEquals(List.of("to 2 as 1.0"), wire.sent);
        assertEquals(new Parcel.Announcing(new Superseded(by)), wire.parcels.get(0));
        assertEquals(List.of("from 2"), received);
    }

    @Test
    void whoIsSupersededItselfNeitherSpeaksNorHears() {
        network.silence();
        assertFalse(network.from(1).send(2, PARCEL));
        network.tellAll(new Superseded(new Claim(new Incarnation(2, 1, 7, 4), new byte[64])));
        assertFalse(wire.receiver.onParcel(2, new Voice(2, 0), PARCEL));
        assertEquals(List.of(), wire.sent);
        assertEquals(List.of(), received);
    }

    @Test
    void aRankSpeaksInItsOwnNameAlone() {
        assertThrows(IllegalArgumentException.class, () -> network.from(2));
        assertThrows(IllegalArgumentException.class, () -> network.join(2, (from, parcel) -> true));
    }
}
