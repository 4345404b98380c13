package org.ztp.storage.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** The bytes of a simulated file: what a process sees, and what would be there after the loss of power. */
final class SimulatedFile {
    static final int SECTOR_BYTES = 512;

    private byte[] seen = new byte[0];
    private int seenSize;
    private byte[] durable = new byte[0];
    private int durableSize;
    private final BitSet unforced = new BitSet();
    private int failures;

    int size() {
        return seenSize;
    }

    byte[] bytes() {
        return Arrays.copyOf(seen, seenSize);
    }

    int read(final ByteBuffer destination, final long offset) {
        if (offset >= seenSize) {
            return 0;
        }
        final int length = (int) Math.min(destination.remaining(), seenSize - offset);
        destination.put(seen, (int) offset, length);
        return length;
    }

    void write(final ByteBuffer source, final long offset) {
        final int start = Math.toIntExact(offset);
        final int length = source.remaining();
        final int end = Math.addExact(start, length);
        if (length == 0) {
            return;
        }
        resize(Math.max(seenSize, end));
        source.get(seen, start, length);
        unforced.set(start / SECTOR_BYTES, (end - 1) / SECTOR_BYTES + 1);
    }

    /** Applies a random subset of the sectors of a write: what a failing call leaves behind. */
    void writeTorn(final ByteBuffer source, final long offset, final SplittableRandom random) {
        while (source.hasRemaining()) {
            final long start = offset + source.position();
            final int piece = (int) Math.min(source.remaining(), SECTOR_BYTES - start % SECTOR_BYTES);
            if (random.nextBoolean()) {
                write(source.slice(source.position(), piece), start);
            }
            source.position(source.position() + piece);
        }
    }

    private void resize(final int size) {
        if (size > seen.length) {
            seen = Arrays.copyOf(seen, Math.max(size, Math.min(2 * seen.length, 1 << 30)));
        }
        if (size != seenSize) {
            unforced.set(Math.min(size, seenSize) / SECTOR_BYTES, Math.max(size, seenSize) / SECTOR_BYTES + 1);
        }
        seenSize = size;
    }

    void truncate(final long size) {
        if (size < seenSize) {
            Arrays.fill(seen, (int) size, seenSize, (byte) 0);
            resize((int) size);
        }
    }

    void force() {
        durableSize = seenSize;
        fitDurable();
        for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
            copySector(sector);
        }
        unforced.clear();
    }

    /** What is not forced stays as it is for a process, and does not reach the medium, unless it is written again. */
    void failWriteBack() {
        failures++;
        unforced.clear();
    }

    /** How often it could not be written back. */
    int failures() {
        return failures;
    }

    private void fitDurable() {
        if (durable.length < seen.length) {
            durable = Arrays.copyOf(durable, seen.length);
        }
    }

    private void copySector(final int sector) {
        final int start = sector * SECTOR_BYTES;
        final int length = Math.min(SECTOR_BYTES, seen.length - start);
        if (length > 0) {
            System.arraycopy(seen, start, durable, start, length);
        }
    }

    /** Each unforced sector, and a change of the length, is there afterwards or not. */
    void losePower(final SplittableRandom random) {
        if (unforced.isEmpty() && failures == 0) {
            return;
        }
        fitDurable();
        for (int sector = unforced.nextSetBit(0); sector >= 0; sector = unforced.nextSetBit(sector + 1)) {
            if (random.nextBoolean()) {
                copySector(sector);
            }
        }
        if (random.nextBoolean()) {
            durableSize = seenSize;
        }
        Arrays.fill(durable, durableSize, durable.length, (byte) 0);
        seen = durable.clone();
        seenSize = durableSize;
        unforced.clear();
    }

    /** Changes bytes on the medium, behind the process's back. */
    void rot(final int offset, final byte[] masks) {
        fitDurable();
        for (int i = 0; i < masks.length && offset + i < seenSize; i++) {
            seen[offset + i] ^= masks[i];
            durable[offset + i] ^= masks[i];
        }
    }
}
