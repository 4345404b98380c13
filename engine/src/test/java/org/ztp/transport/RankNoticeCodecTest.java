package org.ztp.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.transport.RankNotice.Appointed;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.transport.RankNotice.Presence;
import org.ztp.transport.RankNotice.Report;
import org.ztp.transport.RankNotice.Superseded;
import org.ztp.transport.RankNotice.Wanted;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

class RankNoticeCodecTest {
    private static final Incarnation NEXT = new Incarnation(2, 3, 0x1122334455667788L, 5);
    private static final Claim CLAIM = new Claim(NEXT, new byte[64]);
    private static final List<RankNotice> ALL = List.of(
        new Presence(Optional.empty(), 4711, Optional.empty()),
        new Presence(Optional.of(CLAIM), 4711, Optional.of(new Report("running", 9, 1, 100, 99, 4, true, List.of(0, 3), 700, 8))),
        new Wanted(NEXT, new byte[64]), new Superseded(CLAIM), new Appointed(NEXT));

    private static byte[] encode(final RankNotice notice) {
        final WireWriter out = new WireWriter();
        RankNoticeCodec.encode(notice, out);
        return out.toBytes();
    }

    @Test
    void theBytesStayWhatTheyAre() {
        assertEquals("04020003000000" + "8877665544332211" + "0500", HexFormat.of().formatHex(encode(new Appointed(NEXT))));
        assertEquals("0100" + "6712000000000000" + "00", HexFormat.of().formatHex(encode(ALL.get(0))));
    }

    @Test
    void eachNoticeComesBackAndNoPartOfOneIsOne() {
        for (final RankNotice notice : ALL) {
            final byte[] bytes = encode(notice);
            assertArrayEquals(bytes, encode(RankNoticeCodec.decode(bytes, 0, bytes.length).orElseThrow()));
            for (int length = 0; length < bytes.length; length++) {
                assertTrue(RankNoticeCodec.decode(bytes, 0, length).isEmpty());
            }
            assertTrue(RankNoticeCodec.decode(Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length + 1).isEmpty());
        }
    }

    @Property(tries = 500)
    void anyBytesAreANoticeOrNone(@ForAll final byte[] bytes) {
        RankNoticeCodec.decode(bytes, 0, bytes.length).ifPresent(notice -> assertArrayEquals(bytes, encode(notice)));
    }

    @Test
    void voicesAreRolesOrSpares() {
        for (final Voice voice : List.of(Voice.SPARE, new Voice(3, 9))) {
            final WireWriter out = new WireWriter();
            voice.encode(out);
            assertEquals(voice, Voice.decode(new WireReader(out.toBytes())));
        }
        final WireReader spareWithANumber = new WireReader(new byte[] {-1, -1, 1, 0, 0, 0});
        Voice.decode(spareWithANumber);
        assertTrue(spareWithANumber.failed());
    }
}
