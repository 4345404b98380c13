package org.ztp.ledger;

import java.util.Optional;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** What a replica's journal holds: three kinds of records. */
public sealed interface LedgerRecord {
    /** Kind of a batch's record. */
    int BATCH = 1;
    /** Kind of a block's record. */
    int BLOCK = 2;
    /** Kind of a certificate's record. */
    int CERTIFICATE = 3;

    /** A batch: its reference (44 bytes), then its bytes. It may be final already, become so, or never. */
    record StoredBatch(BatchRef ref, Batch batch) implements LedgerRecord { }

    /** A block; its batches stand before it. It may be final already, become so, or never. */
    record StoredBlock(Block block) implements LedgerRecord { }

    /** A commit certificate: its block, which stands before it, and all of that block's ancestors are final. */
    record StoredCertificate(Certificate certificate) implements LedgerRecord { }

    /** Reads a record's payload; empty if it is none. That a batch fits its reference is checked by who trusts it. */
    static Optional<LedgerRecord> decode(final int kind, final byte[] payload) {
        return decode(kind, payload, 0, payload.length);
    }

    /** As {@link #decode(int, byte[])}, of a range of an array that nobody changes any more: a batch is not copied. */
    static Optional<LedgerRecord> decode(final int kind, final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        LedgerRecord record = null;
        if (kind == BATCH) {
            final BatchRef ref = BatchRef.decode(in);
            if (ref.bytes() != in.remaining()) {
                return Optional.empty();
            }
            final Optional<Batch> batch = Batch.parse(array, offset + length - in.remaining(), in.remaining());
            in.skip(in.remaining());
            record = batch.isPresent() ? new StoredBatch(ref, batch.get()) : null;
        } else if (kind == BLOCK) {
            record = new StoredBlock(Block.decode(in));
        } else if (kind == CERTIFICATE) {
            record = new StoredCertificate(Certificate.decode(in));
        }
        return in.finished() ? Optional.ofNullable(record) : Optional.empty();
    }

    /** The payload of a block's record. */
    static byte[] encode(final Block block) {
        final WireWriter out = new WireWriter(512);
        block.encode(out);
        return out.toBytes();
    }

    /** The payload of a certificate's record. */
    static byte[] encode(final Certificate certificate) {
        final WireWriter out = new WireWriter(512);
        certificate.encode(out);
        return out.toBytes();
    }
}
