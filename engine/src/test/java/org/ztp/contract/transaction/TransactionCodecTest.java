package org.ztp.contract.transaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.contract.Parties.key;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Parties;
import org.ztp.contract.Rules;
import org.ztp.wire.Hash;

class TransactionCodecTest {
    private static final TransactionId ID = new TransactionId(key("bundle"), 3);
    private static final Contract CONTRACT = new Contract(1, List.of(
        new Clause(ChunkRange.all(5), Parties.of("bob", "carol"), Rules.NONE),
        new Clause(new ChunkRange(1, 2), Parties.of("dan"), new Rules(0, 0, 0, 2, true, 0, List.of()))));
    private static final List<byte[]> ALL = List.of(
        Samples.publish("x", CONTRACT).encode(),
        new Grant(key("d"), 1, CONTRACT, Samples.parts(CONTRACT)).encode(),
        Revoke.of(key("d"), Set.of(key("bob"), key("carol"))).encode(),
        new Approve(ID).encode(),
        new Request(key("d"), new ChunkRange(1, 4), "for é study", key("fresh"), "4711").encode(),
        new Evidence(key("d"), ID, 2, Evidence.About.OPENER,
            new SignedOpening(5, 4, new byte[64], key("root"), new byte[64], new byte[70])).encode());

    @Test
    void everyKindComesBackFromItsBytes() {
        for (int kind = 2; kind <= 7; kind++) {
            final byte[] bytes = ALL.get(kind - 2);
            assertEquals(kind, bytes[0]);
            assertArrayEquals(bytes, reencoded(bytes).orElseThrow());
        }
        final Publish publish = Publish.parse(ALL.get(0), 0, ALL.get(0).length).orElseThrow();
        assertEquals(CONTRACT, publish.contract());
        assertEquals(List.of(new ChunkRange(0, 0), new ChunkRange(3, 4)),
            publish.part(key("bob")).orElseThrow().ranges());
        assertEquals(Optional.empty(), publish.part(key("eve")));
    }

    @Test
    void aTransactionIsReadWhereItStands() {
        for (final byte[] bytes : ALL) {
            final byte[] around = new byte[bytes.length + 20];
            System.arraycopy(bytes, 0, around, 7, bytes.length);
            assertArrayEquals(bytes, reencoded(around, 7, bytes.length).orElseThrow());
        }
    }

    @Test
    void approveAndRevokeHaveTheseBytes() {
        assertEquals("05" + key("bundle") + "03000000", HexFormat.of().formatHex(ALL.get(3)));
        assertEquals("04" + key("d") + "0100" + key("bob"),
            HexFormat.of().formatHex(Revoke.of(key("d"), Set.of(key("bob"))).encode()));
    }

    @Test
    void everyCutAndEveryExtraByteIsRefused() {
        for (final byte[] bytes : ALL) {
            for (int length = 0; length < bytes.length; length++) {
                assertTrue(reencoded(bytes, 0, length).isEmpty());
            }
            assertTrue(reencoded(Arrays.copyOf(bytes, bytes.length + 1)).isEmpty());
        }
    }

    @Test
    void noOtherBytesMeanTheSame() {
        final Random random = new Random(41);
        for (int round = 0; round < 60_000; round++) {
            final byte[] altered = ALL.get(round % ALL.size()).clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
            }
            reencoded(altered).ifPresent(again -> assertArrayEquals(altered, again));
        }
    }

    @Test
    void randomBytesNeverThrow() {
        final Random random = new Random(43);
        for (int round = 0; round < 60_000; round++) {
            final byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (2 + round % 6);
            for (int i = 1; i < bytes.length && round % 2 == 0; i++) {
                bytes[i] &= 1;
            }
            reencoded(bytes).ifPresent(again -> assertArrayEquals(bytes, again));
        }
    }

    @Test
    void sizesOfADatasetMustFitEachOther() {
        assertTrue(new Dataset("", 1, 4096, 1).wellFormed());
        assertTrue(Dataset.of("", 4096L << 20, 4096).wellFormed());
        assertFalse(Dataset.of("", (4096L << 20) + 1, 4096).wellFormed());
        assertFalse(Dataset.of("", Long.MAX_VALUE - 4096, 4096).wellFormed());
        assertFalse(new Dataset("", 0, 4096, 0).wellFormed());
        assertFalse(new Dataset("", 4097, 4096, 1).wellFormed());
        assertFalse(new Dataset("", 4096, 4096, 2).wellFormed());
        assertFalse(new Dataset("", 1, 4095, 1).wellFormed());
        assertFalse(new Dataset("", 1, Dataset.MAX_CHUNK_BYTES + 1, 1).wellFormed());
        assertFalse(new Dataset("a\nb", 1, 4096, 1).wellFormed());
        final Dataset dataset = Dataset.of("", 10_000, 4096);
        assertEquals(3, dataset.chunks());
        assertEquals(4096, dataset.chunkLength(1));
        assertEquals(1808, dataset.chunkLength(2));
        assertEquals(8192, dataset.chunkOffset(2));
    }

    @Test
    void anIdIsWrittenInOneWay() {
        assertEquals(Optional.of(ID), TransactionId.parse(ID.toString()));
        assertEquals(key("bundle") + ".3", ID.toString());
        for (final String bad : List.of("", ".3", key("b").toString(), key("b") + ".", key("b") + ".03",
            key("b") + ".-1", key("b") + ".65536", key("b") + ".3.4", "x" + key("b").toString().substring(1) + ".3")) {
            assertEquals(Optional.empty(), TransactionId.parse(bad), bad);
        }
    }

    @Test
    void theDatasetsIdIsBoundToChainOwnerAndNonce() {
        final Hash id = Publish.id(key("chain"), key("owner"), key("nonce"));
        assertEquals(Hash.sha256("ztp-dataset-v1\0\0".getBytes(StandardCharsets.US_ASCII),
            key("chain").toBytes(), key("owner").toBytes(), key("nonce").toBytes()), id);
    }

    private static Optional<byte[]> reencoded(final byte[] bytes) {
        return reencoded(bytes, 0, bytes.length);
    }

    private static Optional<byte[]> reencoded(final byte[] bytes, final int at, final int length) {
        return switch (length == 0 ? 0 : bytes[at]) {
            case 2 -> Publish.parse(bytes, at, length).map(Publish::encode);
            case 3 -> Grant.parse(bytes, at, length).map(Grant::encode);
            case 4 -> Revoke.parse(bytes, at, length).map(Revoke::encode);
            case 5 -> Approve.parse(bytes, at, length).map(Approve::encode);
            case 6 -> Request.parse(bytes, at, length).map(Request::encode);
            case 7 -> Evidence.parse(bytes, at, length).map(Evidence::encode);
            default -> Optional.empty();
        };
    }
}
