package org.ztp.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A RECORD: an opaque payload, which the ledger keeps and proves, and which changes nothing else.
 *
 * <pre>
 *   0        1             3          3+e           5+e           5+e+m
 *   +--------+-------------+----------+-------------+-------------+-----------
 *   | 1 (u8) | e (u16)     | entity   | m (u16)     | media type  | payload ...
 *   +--------+-------------+----------+-------------+-------------+-----------
 * </pre>
 *
 * @param entity what the record is about, at most 256 bytes of UTF-8, empty for nothing
 * @param mediaType what the payload is, at most 128 bytes of UTF-8, may be empty
 * @param payload the payload, may be empty
 */
public record RecordTransaction(String entity, String mediaType, byte[] payload) {
    /** The kind's number, the first byte of the transaction. */
    public static final int KIND = 1;
    /** Most bytes of an entity's id. */
    public static final int MAX_ENTITY_BYTES = 256;
    /** Most bytes of a media type. */
    public static final int MAX_MEDIA_TYPE_BYTES = 128;

    private static final int SHOWN_BYTES = 256;

    /** The transaction's bytes. */
    public byte[] encode() {
        return new WireWriter(16 + entity.length() + mediaType.length() + payload.length)
            .u8(KIND).text(entity).text(mediaType).raw(payload).toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<RecordTransaction> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final String entity = in.text(MAX_ENTITY_BYTES);
        final String mediaType = in.text(MAX_MEDIA_TYPE_BYTES);
        final byte[] payload = in.raw(in.remaining());
        return in.finished() ? Optional.of(new RecordTransaction(entity, mediaType, payload)) : Optional.empty();
    }

    /** The entity of a well-formed record, empty for none; the payload is not touched. */
    public static String entity(final byte[] array, final int offset) {
        final int size = array[offset + 1] & 0xff | (array[offset + 2] & 0xff) << 8;
        return size == 0 ? "" : new String(array, offset + 3, size, StandardCharsets.UTF_8);
    }

    /** The beginning of a payload that is text, at most {@value #SHOWN_BYTES} bytes of it; empty if it is none. */
    public static String text(final byte[] array, final int offset, final int length) {
        final int payload = payload(array, offset, length);
        if (payload == 0) {
            return "";
        }
        final int size = offset + length - payload;
        final String text = new String(array, payload, Math.min(size, SHOWN_BYTES), StandardCharsets.UTF_8);
        final boolean whole = size <= SHOWN_BYTES;
        final int foreign = text.indexOf('\uFFFD');
        if (foreign >= 0 && (whole || foreign < text.length() - 1)) { // the last character may be cut in two
            return "";
        }
        return whole ? text : (foreign < 0 ? text : text.substring(0, foreign)) + '\u2026';
    }

    /** Whether {@link #parse} gives a value, without making one. */
    public static boolean wellFormed(final byte[] array, final int offset, final int length) {
        return payload(array, offset, length) > 0;
    }

    /** Where the payload of a record starts, or 0 if it is none. */
    private static int payload(final byte[] array, final int offset, final int length) {
        if (length < 1 || array[offset] != KIND) {
            return 0;
        }
        final int end = offset + length;
        final int mediaType = afterText(array, offset + 1, end, MAX_ENTITY_BYTES);
        return mediaType == 0 ? 0 : afterText(array, mediaType, end, MAX_MEDIA_TYPE_BYTES);
    }

    /** Whether it is well-formed and names no entity. */
    static boolean isPlain(final byte[] array, final int offset, final int length) {
        return wellFormed(array, offset, length) && array[offset + 1] == 0 && array[offset + 2] == 0;
    }

    /** Where the field after a text starts, or 0 if there is no such text. */
    private static int afterText(final byte[] array, final int offset, final int end, final int maxBytes) {
        if (end - offset < 2) {
            return 0;
        }
        final int size = array[offset] & 0xff | (array[offset + 1] & 0xff) << 8;
        final int start = offset + 2;
        return size <= maxBytes && size <= end - start && isUtf8(array, start, size) ? start + size : 0;
    }

    private static boolean isUtf8(final byte[] array, final int start, final int size) {
        for (int i = start; i < start + size; i++) {
            if (array[i] < 0) { // not plain ASCII: U+FFFD stands for what could not be decoded, so compare
                final String text = new String(array, start, size, StandardCharsets.UTF_8);
                final byte[] again = text.getBytes(StandardCharsets.UTF_8);
                return Arrays.equals(again, 0, again.length, array, start, start + size);
            }
        }
        return true;
    }
}
