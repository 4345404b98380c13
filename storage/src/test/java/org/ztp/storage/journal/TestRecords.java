package org.ztp.storage.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.Disk;

/** Seeded records, and what a journal was seen to hold. */
final class TestRecords {
    static final byte[] TAG = tag(7);

    /** A record as a value. */
    record Entry(long position, int type, byte[] payload) {
        long end() {
            return position + RecordFormat.sizeOf(payload.length);
        }

        @Override
        public boolean equals(final Object other) {
            return other instanceof Entry that && position == that.position && type == that.type
                && Arrays.equals(payload, that.payload);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(position);
        }

        @Override
        public String toString() {
            return position + ":" + type + ":" + payload.length;
        }
    }

    private TestRecords() {
    }

    static byte[] tag(final int value) {
        final byte[] tag = new byte[JournalOptions.TAG_BYTES];
        Arrays.fill(tag, (byte) value);
        return tag;
    }

    /** Segments of 4 KiB, a buffer of 4 KiB, no threads. */
    static JournalOptions small(final Durability durability, final int preallocateBytes) {
        return new JournalOptions(TAG, durability, 4096, 1 << 20, 4096, preallocateBytes, false);
    }

    static byte[] payload(final SplittableRandom random, final int maxLength) {
        final byte[] payload = new byte[random.nextInt(maxLength + 1)];
        random.nextBytes(payload);
        return payload;
    }

    static Entry append(final Journal journal, final int type, final byte[] payload) {
        return new Entry(journal.append(type, new UnsafeBuffer(payload), 0, payload.length), type, payload);
    }

    static List<Entry> append(final Journal journal, final SplittableRandom random, final int count,
                              final int maxLength) {
        final List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(append(journal, 1 + random.nextInt(255), payload(random, maxLength)));
        }
        return entries;
    }

    static Entry entry(final long position, final int type, final DirectBuffer buffer, final int offset,
                       final int length) {
        final byte[] payload = new byte[length];
        buffer.getBytes(offset, payload);
        return new Entry(position, type, payload);
    }

    static JournalVisitor into(final List<Entry> entries) {
        return (position, type, buffer, offset, length) ->
            entries.add(entry(position, type, buffer, offset, length));
    }

    static Entry entry(final JournalRecord record) {
        return entry(record.position(), record.type(), record.payload(), 0, record.payload().capacity());
    }

    /** Opens and replays; the journal is left as after a kill. */
    static List<Entry> replay(final Disk disk, final JournalOptions options) {
        final List<Entry> entries = new ArrayList<>();
        Journal.open(disk, options, Journal.START, into(entries)).abandon();
        return entries;
    }
}
