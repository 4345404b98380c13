package org.ztp.ledger.snapshot;

import java.util.Optional;
import org.ztp.ledger.state.StatePath;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** What a journal begins with that goes on from a snapshot: the head, then pages until nothing is missing. */
public sealed interface SnapshotRecord {
    /** Kind of the head's record. */
    int HEAD = 4;
    /** Kind of a page's record. */
    int PAGE = 5;

    /** The head. */
    record Head(SnapshotHead head) implements SnapshotRecord { }

    /** A page: the subtree that it is about (34 bytes), then its bytes. */
    record Page(StatePath at, byte[] bytes) implements SnapshotRecord { }

    /** Reads a record's payload; empty if it is none. */
    static Optional<SnapshotRecord> decode(final int kind, final byte[] payload) {
        final WireReader in = new WireReader(payload);
        SnapshotRecord record = null;
        if (kind == HEAD) {
            record = new Head(SnapshotHead.decode(in));
        } else if (kind == PAGE) {
            final StatePath at = StatePath.decode(in);
            record = new Page(at, in.raw(in.remaining()));
        }
        return in.finished() ? Optional.ofNullable(record) : Optional.empty();
    }

    /** The payload of the head's record. */
    static byte[] encode(final SnapshotHead head) {
        final WireWriter out = new WireWriter(1_024);
        head.encode(out);
        return out.toBytes();
    }

    /** The payload of a page's record. */
    static byte[] encode(final StatePath at, final byte[] page) {
        final WireWriter out = new WireWriter(64 + page.length);
        at.encode(out);
        return out.raw(page).toBytes();
    }
}
