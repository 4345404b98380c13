package org.ztp.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Message;
import org.ztp.epoch.EpochMessage;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Bundle;
import org.ztp.release.ReleaseMessage;
import org.ztp.release.Standing;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

class ParcelCodecTest {
    private static final Hash ID = Hash.sha256(new byte[] {9});
    private static final Parcel ORDERING = new Parcel.Ordering(new Message.WantBlock(ID));
    private static final Parcel RELEASING =
        new Parcel.Releasing(new ReleaseMessage.Declined(ID, 3, Standing.Reason.CLOSED));
    private static final Parcel EPOCHS = new Parcel.Epochs(new EpochMessage.Ask(7, List.of(1L, 2L)));

    private static final Parcel ASKED = new Parcel.Relaying(new RelayMessage.Ask(3, new byte[] {2}));
    private static final Parcel ANSWERED = new Parcel.Relaying(new RelayMessage.Answer(3, new byte[] {8}));

    private static byte[] encode(final Parcel parcel) {
        final WireWriter out = new WireWriter();
        ParcelCodec.encode(parcel, out);
        return out.toBytes();
    }

    @Test
    void theBytesStayWhatTheyAre() {
        assertEquals("0108" + ID, HexFormat.of().formatHex(encode(ORDERING)));
        assertEquals("0203" + ID + "0300000004", HexFormat.of().formatHex(encode(RELEASING)));
        assertEquals("0401" + "0700000000000000" + "0200" + "0100000000000000" + "0200000000000000",
            HexFormat.of().formatHex(encode(EPOCHS)));
        assertEquals("0501" + "0300000000000000" + "02", HexFormat.of().formatHex(encode(ASKED)));
        assertEquals("0502" + "0300000000000000" + "08", HexFormat.of().formatHex(encode(ANSWERED)));
    }

    @Test
    void eachParcelComesBackFromTheMiddleOfAnArray() {
        for (final Parcel parcel : List.of(ORDERING, RELEASING, EPOCHS, ASKED, ANSWERED)) {
            final byte[] bytes = encode(parcel);
            final byte[] larger = new byte[bytes.length + 9];
            System.arraycopy(bytes, 0, larger, 5, bytes.length);
            assertEquals(parcel, ParcelCodec.decode(larger, 5, bytes.length).orElseThrow());
        }
    }

    @Test
    void cutProlongedAndUnknownParcelsAreNone() {
        for (final Parcel parcel : List.of(ORDERING, RELEASING, EPOCHS)) {
            final byte[] bytes = encode(parcel);
            for (int length = 0; length < bytes.length; length++) {
                assertTrue(ParcelCodec.decode(bytes, 0, length).isEmpty());
            }
            assertTrue(ParcelCodec.decode(Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length + 1).isEmpty());
            for (final int kind : new int[] {0, 9, 0x7f, 0xff}) {
                bytes[0] = (byte) kind;
                assertTrue(ParcelCodec.decode(bytes, 0, bytes.length).isEmpty());
            }
        }
    }

    @Test
    void aBatchStaysInAnArrayThatIsGiven() {
        final WireWriter bundle = new WireWriter().raw(new byte[Bundle.HEADER_BYTES - 8]).u32(1).u32(9)
            .u32(5).raw(new byte[5]);
        final byte[] moved = bundle.toBytes(); // header: key, submission, sequence, then count and body's size, signature
        System.arraycopy(moved, Bundle.HEADER_BYTES - 8, moved, 56, 8);
        final Batch batch = Batch.of(List.of(Bundle.parse(moved, 0, moved.length).orElseThrow()));
        final Parcel parcel = new Parcel.Ordering(new Message.BatchHere(new BatchRef(ID, 1, 1, batch.length()), batch));
        final byte[] bytes = encode(parcel);
        assertEquals(bytes.length, ParcelCodec.room(parcel));
        final byte[] larger = new byte[bytes.length + 9];
        System.arraycopy(bytes, 0, larger, 5, bytes.length);
        assertSame(larger, arrayOf(ParcelCodec.decode(larger, 5, bytes.length, true)));
        assertNotSame(larger, arrayOf(ParcelCodec.decode(larger, 5, bytes.length)));
        assertArrayEquals(bytes, encode(ParcelCodec.decode(larger, 5, bytes.length, true).orElseThrow()));
        for (int length = 0; length < bytes.length; length++) {
            assertTrue(ParcelCodec.decode(larger, 5, length, true).isEmpty());
        }
    }

    private static byte[] arrayOf(final Optional<Parcel> parcel) {
        return ((Message.BatchHere) ((Parcel.Ordering) parcel.orElseThrow()).message()).batch().bundles().get(0).array();
    }

    @Test
    void whatIsRelayedIsSomething() {
        final byte[] bytes = encode(ASKED);
        assertTrue(ParcelCodec.decode(bytes, 0, bytes.length - 1).isEmpty(), "a question without a word");
        bytes[9] = (byte) 0x80;
        assertTrue(ParcelCodec.decode(bytes, 0, bytes.length).isEmpty(), "a negative number");
    }

    @Property(tries = 500)
    void anyBytesAreAParcelOrNone(@ForAll final byte[] bytes) {
        ParcelCodec.decode(bytes, 0, bytes.length).ifPresent(parcel -> assertArrayEquals(bytes, encode(parcel)));
    }
}
