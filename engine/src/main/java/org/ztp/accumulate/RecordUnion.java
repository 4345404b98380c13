package org.ztp.accumulate;

import java.util.Arrays;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Sets of records of one size, each starting with its 32-byte key, in one flat array in strictly ascending (unsigned)
 * order of keys: the digests of batches with what goes with them. Of two different records under one key the greater
 * one stays. Of a union beyond {@code maxRecords} the records with the smallest keys stay, which is associative; set
 * the limit to what all contributors together may have. Encoded as a 32-bit length and the array.
 *
 * @param recordBytes bytes of a record, 32 .. 4096
 * @param maxRecords  most records of a set, at least 1; at most 2^30 bytes in all
 */
public record RecordUnion(int recordBytes, int maxRecords) implements Monoid<byte[]> {
    private static final int KEY_BYTES = 32;
    private static final int MAX_RECORD_BYTES = 4096;
    private static final int MAX_BYTES = 1 << 30;

    /** Checks the limits. */
    public RecordUnion {
        if (recordBytes < KEY_BYTES || recordBytes > MAX_RECORD_BYTES
                || maxRecords < 1 || maxRecords > MAX_BYTES / recordBytes) {
            throw new IllegalArgumentException("record bytes: actual=" + recordBytes + " allowed=" + KEY_BYTES + ".."
                    + MAX_RECORD_BYTES + ", records: actual=" + maxRecords + " allowed=1.. and " + MAX_BYTES
                    + " bytes in all");
        }
    }

    @Override
    public byte[] identity() {
        return new byte[0];
    }

    @Override
    public boolean accepts(byte[] value) {
        if (value.length % recordBytes != 0 || value.length / recordBytes > maxRecords) {
            return false;
        }
        for (int at = recordBytes; at < value.length; at += recordBytes) {
            if (compare(value, at - recordBytes, value, at, KEY_BYTES) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public byte[] combine(byte[] left, byte[] right) {
        byte[] union = new byte[(int) Math.min((long) left.length + right.length, (long) maxRecords * recordBytes)];
        int size = 0;
        int l = 0;
        int r = 0;
        while (size < union.length && (l < left.length || r < right.length)) {
            int order = l == left.length ? 1 : r == right.length ? -1 : compare(left, l, right, r, KEY_BYTES);
            boolean takeLeft = order < 0 || order == 0 && compare(left, l, right, r, recordBytes) >= 0;
            System.arraycopy(takeLeft ? left : right, takeLeft ? l : r, union, size, recordBytes);
            size += recordBytes;
            l += order <= 0 ? recordBytes : 0;
            r += order >= 0 ? recordBytes : 0;
        }
        return size == union.length ? union : Arrays.copyOf(union, size);
    }

    @Override
    public void encode(byte[] value, WireWriter out) {
        out.bytes32(value);
    }

    @Override
    public byte[] decode(WireReader in) {
        byte[] value = in.bytes32(maxRecords * recordBytes);
        in.require(accepts(value));
        return value;
    }

    private static int compare(byte[] left, int leftOffset, byte[] right, int rightOffset, int length) {
        return Arrays.compareUnsigned(left, leftOffset, leftOffset + length, right, rightOffset, rightOffset + length);
    }
}
