package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.ztp.transport.PeerState.Condition;

/** Links without MPI: two ends, and frames carried between them by hand. */
class LinkTest {
    private static final long SILENCE_NS = 1_000;
    private static final int WINDOW = 4;
    private static final int MAX_PARCEL = 1 << 20;

    /** Keeps each array that it may keep. */
    private static final class Keeper implements Inbound.Sink {
        final List<byte[]> kept = new ArrayList<>();

        @Override
        public void parcel(final byte[] bytes, final int offset, final int length) {
            throw new AssertionError("a parcel of " + length + " bytes lay within a frame");
        }

        @Override
        public boolean gathered(final byte[] bytes, final int length) {
            kept.add(bytes);
            return true;
        }
    }

    /** One end, with what it took in and the frames that it sent and nobody carried yet. */
    private static final class End {
        final List<byte[]> parcels = new ArrayList<>();
        final ArrayDeque<ByteBuffer> sent = new ArrayDeque<>();
        final Link link;

        End(final int peer, final long incarnation, final long maxWaiting) {
            link = new Link(peer, new LinkSetting(incarnation, WINDOW, MAX_PARCEL, maxWaiting, SILENCE_NS),
                (bytes, offset, length) -> parcels.add(Arrays.copyOfRange(bytes, offset, offset + length)));
        }

        void send(final long nowNs) {
            while (link.wantsToSend()) {
                final ByteBuffer frame = frame();
                assertTrue(link.fill(frame, nowNs) > Frame.HEADER_BYTES);
                sent.add(frame);
            }
            if (link.owesWord(nowNs)) {
                final ByteBuffer frame = frame();
                assertEquals(Frame.HEADER_BYTES, link.fillWord(frame));
                sent.add(frame);
            }
        }

        int carryTo(final End other, final int most, final long nowNs) {
            int carried = 0;
            for (; carried < most && !sent.isEmpty(); carried++) {
                other.link.accept(sent.poll(), nowNs);
            }
            return carried;
        }
    }

    private static ByteBuffer frame() {
        return ByteBuffer.allocate(Frame.MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] parcel(final int bytes, final int seed) {
        final byte[] parcel = new byte[bytes];
        new Random(seed).nextBytes(parcel);
        return parcel;
    }

    private final End one = new End(1, 11, 1 << 22);
    private final End other = new End(0, 22, 1 << 22);

    private void carryAll(final long nowNs) {
        int carried = 1;
        while (carried > 0) {
            one.send(nowNs);
            other.send(nowNs);
            carried = one.carryTo(other, Integer.MAX_VALUE, nowNs) + other.carryTo(one, Integer.MAX_VALUE, nowNs);
        }
    }

    @Test
    void anArrayThatIsKeptIsNotWrittenAgain() {
        final Outbound from = new Outbound(1 << 24);
        final Inbound to = new Inbound(MAX_PARCEL);
        final Keeper keeper = new Keeper();
        for (int i = 0; i < 3; i++) {
            assertTrue(from.offer(parcel(MAX_PARCEL, i)));
        }
        for (ByteBuffer frame = frame(); !from.isEmpty(); frame = frame()) {
            assertTrue(to.accept(frame, from.fill(frame), keeper));
        }
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(parcel(MAX_PARCEL, i), keeper.kept.get(i));
        }
        assertEquals(3, keeper.kept.size());
    }

    @Test
    void aParcelThatIsTooLongIsPassedOverAndTheNextOneArrives() {
        one.link.offer(parcel(10, 1));
        one.link.offer(parcel(MAX_PARCEL + 1, 2));
        one.link.offer(parcel(11, 3));
        one.link.offer(parcel(MAX_PARCEL, 4));
        carryAll(0);
        carryAll(LinkSetting.ACKNOWLEDGE_NS);
        assertEquals(List.of(10, 11, MAX_PARCEL), other.parcels.stream().map(bytes -> bytes.length).toList());
        assertArrayEquals(parcel(MAX_PARCEL, 4), other.parcels.get(2));
        assertEquals(1, other.link.state().refused());
        assertTrue(one.link.isDrained());
    }

    @Property(tries = 60)
    void parcelsOfAnySizesComeOutAsTheyWentIn(@ForAll final List<@IntRange(min = 1, max = 200_000) Integer> sizes) {
        final End from = new End(1, 1, 1L << 30);
        final End to = new End(0, 2, 1L << 30);
        final Random random = new Random(sizes.hashCode());
        final List<byte[]> parcels = new ArrayList<>();
        for (final int size : sizes) {
            parcels.add(parcel(size, parcels.size()));
            assertTrue(from.link.offer(parcels.get(parcels.size() - 1)));
            from.send(0);
            from.carryTo(to, random.nextInt(3), 0);
            to.send(0);
            to.carryTo(from, random.nextInt(3), 0);
        }
        for (long nowNs = 0; !from.link.isDrained(); nowNs += LinkSetting.ACKNOWLEDGE_NS) {
            from.send(nowNs);
            from.carryTo(to, Integer.MAX_VALUE, nowNs);
            to.send(nowNs);
            to.carryTo(from, Integer.MAX_VALUE, nowNs);
        }
        assertEquals(parcels.size(), to.parcels.size());
        for (int i = 0; i < parcels.size(); i++) {
            assertArrayEquals(parcels.get(i), to.parcels.get(i));
        }
        assertEquals(0, from.link.state().waitingBytes());
    }

    @Test
    void smallParcelsShareAFrame() {
        for (int i = 0; i < 100; i++) {
            one.link.offer(parcel(10, i));
        }
        one.send(0);
        assertEquals(1, one.sent.size());
        carryAll(0);
        assertEquals(100, other.parcels.size());
    }

    @Test
    void noMoreFramesAreUnderWayThanTheWindow() {
        one.link.offer(parcel(MAX_PARCEL, 1));
        one.send(0);
        assertEquals(WINDOW, one.sent.size());
        assertEquals(WINDOW, one.link.state().unacknowledged());
        one.carryTo(other, 2, 0);
        other.send(0);
        other.carryTo(one, 1, 0);
        one.send(0);
        assertEquals(WINDOW, one.link.state().unacknowledged());
        carryAll(0);
        assertArrayEquals(parcel(MAX_PARCEL, 1), other.parcels.get(0));
    }

    @Test
    void whatIsTooMuchIsRefusedAndCounted() {
        final End small = new End(1, 1, 1_000);
        assertTrue(small.link.offer(new byte[600]));
        assertFalse(small.link.offer(new byte[600]));
        assertTrue(small.link.offer(new byte[400]));
        assertFalse(small.link.offer(new byte[1]));
        assertEquals(2, small.link.state().dropped());
        assertEquals(1_000, small.link.state().waitingBytes());
    }

    @Test
    void anAcknowledgementIsHeldBackALittleForDataToCarryIt() {
        one.link.offer(new byte[1]);
        one.send(0);
        one.carryTo(other, 1, 0);
        assertFalse(other.link.owesWord(LinkSetting.ACKNOWLEDGE_NS - 1));
        assertTrue(other.link.owesWord(LinkSetting.ACKNOWLEDGE_NS));
        other.link.offer(new byte[1]);
        other.send(0);
        assertFalse(other.link.owesWord(LinkSetting.ACKNOWLEDGE_NS));
        other.carryTo(one, 1, 0);
        assertEquals(0, one.link.state().unacknowledged());
    }

    @Test
    void aSilentPeerIsGivenNothingUntilItIsHeard() {
        one.link.offer(parcel(MAX_PARCEL, 1));
        one.link.offer(parcel(100, 2));
        one.send(0);
        one.link.tick(SILENCE_NS, 0);
        assertEquals(Condition.REACHABLE, one.link.condition());
        one.link.tick(SILENCE_NS + 1, 0);
        assertEquals(Condition.SILENT, one.link.condition());
        assertFalse(one.link.offer(new byte[1]));
        assertEquals(0, one.link.state().waitingBytes());
        assertEquals(3, one.link.state().dropped());
        carryAll(SILENCE_NS + 2);
        assertEquals(Condition.REACHABLE, one.link.condition());
        assertTrue(one.link.offer(parcel(70_000, 3)));
        carryAll(SILENCE_NS + 3);
        assertEquals(1, other.parcels.size());
        assertArrayEquals(parcel(70_000, 3), other.parcels.get(0));
    }

    @Test
    void whatThisRankSleptThroughIsNoSilenceOfItsPeers() {
        one.link.offer(new byte[1]);
        one.send(0);
        one.link.tick(10 * SILENCE_NS, 10 * SILENCE_NS);
        assertEquals(Condition.REACHABLE, one.link.condition());
        one.link.tick(11 * SILENCE_NS + 1, 1);
        assertEquals(Condition.SILENT, one.link.condition());
    }

    @Test
    void framesOfAnotherLifeAreNotTakenIn() {
        one.link.offer(new byte[1]);
        carryAll(0);
        final End earlier = new End(1, 10, 1_000);
        earlier.link.offer(new byte[2]);
        earlier.send(0);
        earlier.carryTo(other, 1, 0);
        assertEquals(1, other.parcels.size());
        assertEquals(1, other.link.state().refused());
        one.link.offer(new byte[3]);
        carryAll(0);
        assertEquals(2, other.parcels.size());
    }

    @Test
    void aGoodbyeEndsTheLink() {
        other.link.offer(new byte[10]);
        final ByteBuffer goodbye = frame();
        one.link.fillGoodbye(goodbye);
        other.link.accept(goodbye, 0);
        assertEquals(Condition.LEFT, other.link.condition());
        assertFalse(other.link.offer(new byte[1]));
        assertTrue(other.link.isDrained());
        assertEquals(2, other.link.state().dropped());
    }

    @Test
    void aLengthThatNoParcelHasLosesTheStreamUntilItStartsAnew() {
        final ByteBuffer bad = frame();
        Frame.header(bad, Frame.DATA, 8, 11, 0, 0);
        bad.putInt(Frame.HEADER_BYTES, -1);
        other.link.accept(bad, 0);
        final ByteBuffer lost = frame();
        Frame.header(lost, Frame.DATA, 5, 11, 1, 0);
        lost.putInt(Frame.HEADER_BYTES, 1);
        other.link.accept(lost, 0);
        assertEquals(0, other.parcels.size());
        assertEquals(2, other.link.state().refused());
        Frame.header(lost, Frame.DATA | Frame.ANEW, 5, 11, 2, 0);
        other.link.accept(lost, 0);
        assertEquals(1, other.parcels.size());
        assertEquals(Condition.REACHABLE, other.link.condition());
    }

    @Test
    void whatNoRankSendsBreaksTheLink() {
        final ByteBuffer acknowledgesTooMuch = frame();
        Frame.header(acknowledgesTooMuch, 0, 0, 11, 0, 1);
        final ByteBuffer leavesOut = frame();
        Frame.header(leavesOut, Frame.DATA, 1, 11, 1, 0);
        final ByteBuffer tooLong = frame();
        Frame.header(tooLong, Frame.DATA, Frame.MAX_PAYLOAD + 1, 11, 0, 0);
        final ByteBuffer wordWithPayload = frame();
        Frame.header(wordWithPayload, 0, 1, 11, 0, 0);
        for (final ByteBuffer wrong : List.of(acknowledgesTooMuch, leavesOut, tooLong, wordWithPayload, frame())) {
            final End end = new End(0, 22, 1_000);
            end.link.accept(wrong, 0);
            assertEquals(Condition.BROKEN, end.link.condition());
            assertFalse(end.link.offer(new byte[1]));
            end.link.accept(wrong, 0);
            assertEquals(List.of(), end.parcels);
        }
    }

    @Property(tries = 300)
    void anyBytesGiveAVerdict(@ForAll final byte[] bytes, @ForAll final boolean header) {
        final ByteBuffer frame = frame();
        if (header) {
            Frame.header(frame, Frame.DATA, Math.min(bytes.length, Frame.MAX_PAYLOAD), 11, 0, 0);
        }
        final int at = header ? Frame.HEADER_BYTES : 0;
        frame.put(at, bytes, 0, Math.min(bytes.length, Frame.MAX_BYTES - at));
        final End end = new End(0, 22, 1_000);
        end.link.accept(frame, 0);
        assertTrue(end.parcels.stream().allMatch(parcel -> parcel.length > 0 && parcel.length <= bytes.length));
    }

    @Test
    void aFrameHasTheseBytes() {
        one.link.offer(new byte[] {1, 2, 3});
        one.link.offer(new byte[] {9});
        one.send(0);
        final byte[] bytes = new byte[Frame.HEADER_BYTES + 12];
        one.sent.peek().get(0, bytes);
        assertEquals("01010000" + "0c000000" + "0b00000000000000" + "00000000" + "00000000"
            + "03000000" + "010203" + "01000000" + "09", HexFormat.of().formatHex(bytes));
    }

    @Test
    void theWindowsOfAllLinksTogetherStayBelowWhatStallsOpenMpi() {
        for (int peers = 1; peers <= LinkSetting.MAX_STUCK; peers++) {
            assertTrue(LinkSetting.window(peers) * peers <= LinkSetting.MAX_STUCK);
        }
        assertEquals(32, LinkSetting.window(3));
        assertEquals(Collections.nCopies(3, 1), List.of(LinkSetting.window(400), LinkSetting.window(500),
            LinkSetting.window(4_095)));
    }
}
