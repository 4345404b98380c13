package org.ztp.storage.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Records of heights that look the same whoever writes them. */
final class TestLedger {
    static final byte[] TAG = tag();
    static final Link ORIGIN = link(0);

    /** A record as a reader sees it. */
    record Entry(long height, int kind, List<Byte> payload) {
    }

    private TestLedger() {
    }

    private static byte[] tag() {
        final byte[] tag = new byte[32];
        Arrays.fill(tag, (byte) 7);
        return tag;
    }

    static Link link(final long height) {
        final byte[] bytes = new byte[Link.BYTES];
        new SplittableRandom(height).nextBytes(bytes);
        return new Link(bytes);
    }

    /** Whether a chunk ends with a block of this ledger. */
    static boolean ends(final Chunk chunk) {
        return chunk.link().equals(link(chunk.last()));
    }

    private static Entry entry(final long height, final int kind, final byte[] payload) {
        final List<Byte> bytes = new ArrayList<>(payload.length);
        for (final byte one : payload) {
            bytes.add(one);
        }
        return new Entry(height, kind, bytes);
    }

    /** One to three records of 0 .. 999 bytes. */
    static List<byte[]> payloads(final long height) {
        final SplittableRandom random = new SplittableRandom(height);
        final List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            final byte[] payload = new byte[random.nextInt(1000)];
            random.nextBytes(payload);
            payloads.add(payload);
        }
        return payloads;
    }

    static List<Entry> entries(final long first, final long last) {
        final List<Entry> entries = new ArrayList<>();
        for (long height = first; height <= last; height++) {
            int kind = 1;
            for (final byte[] payload : payloads(height)) {
                entries.add(entry(height, kind++, payload));
            }
        }
        return entries;
    }

    static Chunk write(final Archive archive, final long first, final long last) {
        try (ChunkWriter chunk = archive.newChunk(first, link(first - 1))) {
            append(chunk, first, last);
            return chunk.finish(link(last));
        }
    }

    static void append(final ChunkWriter chunk, final long first, final long last) {
        for (long height = first; height <= last; height++) {
            int kind = 1;
            for (final byte[] payload : payloads(height)) {
                chunk.append(height, kind++, new UnsafeBuffer(payload), 0, payload.length);
            }
        }
    }

    static ArchiveVisitor into(final List<Entry> entries) {
        return (final long height, final int kind, final DirectBuffer buffer, final int offset, final int length) -> {
            final byte[] payload = new byte[length];
            buffer.getBytes(offset, payload);
            entries.add(entry(height, kind, payload));
        };
    }
}
