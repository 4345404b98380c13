package org.ztp.ledger;

import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What a transaction came to, where that is more than "taken in".
 *
 * @param batch position of its batch in the block
 * @param bundle position of its bundle in the batch
 * @param transaction position in the bundle, or -1 for the whole bundle
 * @param code what came of it
 * @param detail for people and auditors: the rule that decided, the contract's version; at most 512 bytes of UTF-8
 */
public record Outcome(int batch, int bundle, int transaction, Code code, String detail) {
    /** Most bytes of a detail. */
    public static final int MAX_DETAIL_BYTES = 512;
    /** The position that stands for the whole bundle. */
    public static final int WHOLE_BUNDLE = -1;

    /** Writes it: 15 bytes and the detail. The position in the bundle is written plus one, so 0 is the whole. */
    public void encode(final WireWriter out) {
        out.u32(batch).u32(bundle).u32(transaction + 1).u8(code.code()).text(detail);
    }

    /** Reads one; the reader fails if it is none. */
    public static Outcome decode(final WireReader in) {
        final int batch = in.u32();
        final int bundle = in.u32();
        final int transaction = in.u32() - 1;
        final Code code = Code.decode(in);
        return new Outcome(batch, bundle, transaction, code, in.text(MAX_DETAIL_BYTES));
    }

    /** Kinds of outcome. */
    public enum Code {
        /** Taken in: the outcome of every transaction that no other is told of. */
        ACCEPTED(0),
        /** (client, submission, sequence) was there before: the first one counts. */
        DUPLICATE(1),
        /** The sequence is further ahead of the oldest open one than the window allows. */
        TOO_FAR_AHEAD(2),
        /** Malformed, or it speaks of something that is not there or not the signer's. */
        INVALID(3),
        /** A request that the contract allows. */
        ALLOWED(4),
        /** A request that the contract denies. */
        DENIED(5),
        /** A request that waits for approvals. */
        PENDING(6);

        private static final Code[] ALL = values();
        private final int code;

        Code(final int code) {
            this.code = code;
        }

        /** The byte that stands for it. */
        public int code() {
            return code;
        }

        /** Reads the byte; the reader fails, and it is ACCEPTED, if it stands for none. */
        public static Code decode(final WireReader in) {
            final int code = in.u8();
            in.require(code < ALL.length);
            return in.failed() ? ACCEPTED : ALL[code];
        }
    }
}
