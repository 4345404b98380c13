package org.ztp.contract.transaction;

import java.util.ArrayList;
import java.util.List;
import org.ztp.contract.ChunkRange;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What one seeker needs beside the first halves: the second halves of its chunks' keys, sealed under an opener that the
 * replicas hold as shares, and again to the seeker. The array is not copied and must not be changed.
 *
 * @param seeker Ed25519 key, 32 bytes
 * @param ranges the chunks whose second halves are in the box, in this order: ranges that ascend and do not touch
 * @param opener the replicas' shares of the opener
 * @param box the sealed second halves
 */
public record SeekerPart(Hash seeker, List<ChunkRange> ranges, ReplicaBoxes opener, byte[] box) {
    /** Most seekers' parts of a transaction. */
    public static final int MAX_PARTS = 4096;
    /** Most ranges of a part. */
    public static final int MAX_RANGES = 4096;
    /** Most bytes of a box. */
    public static final int MAX_BOX_BYTES = 64 << 20;

    /** Keeps the list as it is. */
    public SeekerPart {
        ranges = List.copyOf(ranges);
    }

    /** Writes the key, the ranges behind a 16-bit count, the opener's shares, the box. */
    public void encode(final WireWriter out) {
        out.hash(seeker);
        encodeRanges(ranges, out);
        opener.encode(out);
        out.bytes32(box);
    }

    /** Reads one; the reader fails if it is none. */
    public static SeekerPart decode(final WireReader in) {
        return new SeekerPart(in.hash(), decodeRanges(in), ReplicaBoxes.decode(in), in.bytes32(MAX_BOX_BYTES));
    }

    /** Writes ranges behind a 16-bit count. */
    public static void encodeRanges(final List<ChunkRange> ranges, final WireWriter out) {
        out.u16(ranges.size());
        ranges.forEach(range -> range.encode(out));
    }

    /** Reads 1 to {@link #MAX_RANGES} ranges that ascend and do not touch; the reader fails if they are none. */
    public static List<ChunkRange> decodeRanges(final WireReader in) {
        final int count = in.u16();
        in.require(count >= 1 && count <= MAX_RANGES);
        final List<ChunkRange> ranges = new ArrayList<>();
        int free = 0;
        for (int i = 0; i < count && !in.failed(); i++) {
            final ChunkRange range = ChunkRange.decode(in);
            in.require(range.first() >= free);
            free = range.last() + 2;
            ranges.add(range);
        }
        return ranges;
    }

    /** Writes parts behind a 16-bit count. */
    static void encodeAll(final List<SeekerPart> parts, final WireWriter out) {
        out.u16(parts.size());
        parts.forEach(part -> part.encode(out));
    }

    /** Reads parts by ascending key, at most one a seeker; the reader fails if they are none. */
    static List<SeekerPart> decodeAll(final WireReader in) {
        final int count = in.u16();
        in.require(count <= MAX_PARTS);
        final List<SeekerPart> parts = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            final SeekerPart part = decode(in);
            in.require(parts.isEmpty() || parts.get(i - 1).seeker.compareTo(part.seeker) < 0);
            parts.add(part);
        }
        return parts;
    }
}
