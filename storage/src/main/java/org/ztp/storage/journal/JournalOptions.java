package org.ztp.storage.journal;

import java.util.Arrays;
import org.ztp.storage.Durability;

/**
 * How a journal is kept. A journal may be reopened with other options, but only with the same tag.
 *
 * @param tag              32 bytes in each segment's header: whose journal it is
 * @param durability       the strongest that commits ask for; decides whether segments are forced when they are sealed
 * @param segmentBytes     length of a segment file, 4 KiB .. 1 GiB; a larger record gets a segment of its own size
 * @param maxRecordBytes   longest payload, 1 .. 1 GiB
 * @param bufferBytes      of the write buffer, 4 KiB .. 256 MiB: longest single write
 * @param preallocateBytes how far zeros are written ahead of the records, 0 for not at all
 * @param background       whether zeros, and full buffers, are written by threads of their own; a deterministic run says no
 */
public record JournalOptions(byte[] tag, Durability durability, int segmentBytes, int maxRecordBytes, int bufferBytes,
                             int preallocateBytes, boolean background) {
    /** Length of the tag in bytes. */
    public static final int TAG_BYTES = 32;

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /** Checks the limits. */
    public JournalOptions {
        tag = tag.clone();
        if (tag.length != TAG_BYTES) {
            throw new IllegalArgumentException("tag bytes: expected=" + TAG_BYTES + " actual=" + tag.length);
        }
        check("segmentBytes", segmentBytes, 4 * KIB, KIB * MIB);
        check("maxRecordBytes", maxRecordBytes, 1, RecordFormat.LENGTH_MAX);
        check("bufferBytes", bufferBytes, 4 * KIB, 256 * MIB);
        check("preallocateBytes", preallocateBytes, 0, KIB * MIB);
    }

    private static void check(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": expected=" + min + ".." + max + " actual=" + value);
        }
    }

    /**
     * Segments of 64 MiB, records of up to 256 MiB, a write buffer of 1 MiB. With {@link Durability#DISK}, 1 MiB of
     * zeros is written ahead in the background: on ext4 that makes small commits a third faster, while 8 MiB and more
     * delay commits by tens of milliseconds. Without forcing it gains nothing.
     *
     * @param tag        32 bytes: whose journal it is
     * @param durability the strongest that commits ask for
     * @return the options for real use
     */
    public static JournalOptions of(final byte[] tag, final Durability durability) {
        return new JournalOptions(tag, durability, 64 * MIB, 256 * MIB, MIB,
            durability == Durability.DISK ? MIB : 0, true);
    }

    /**
     * Small segments of 1 MiB, records of up to 64 MiB, a buffer of 64 KiB, 64 KiB of zeros ahead, no threads.
     *
     * @param tag        32 bytes: whose journal it is
     * @param durability the strongest that commits ask for
     * @return the options for a simulation
     */
    public static JournalOptions simulated(final byte[] tag, final Durability durability) {
        return new JournalOptions(tag, durability, MIB, 64 * MIB, 64 * KIB, 64 * KIB, false);
    }

    @Override
    public byte[] tag() {
        return tag.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof JournalOptions that && Arrays.equals(tag, that.tag) && durability == that.durability
            && segmentBytes == that.segmentBytes && maxRecordBytes == that.maxRecordBytes
            && bufferBytes == that.bufferBytes && preallocateBytes == that.preallocateBytes
            && background == that.background;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(tag) * 31 + segmentBytes;
    }
}
