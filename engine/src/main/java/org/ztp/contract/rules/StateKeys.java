package org.ztp.contract.rules;

import java.nio.ByteBuffer;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;

/** The keys of data sharing in the state; their layout is in the package's documentation. */
final class StateKeys {
    private StateKeys() {
    }

    static byte[] dataset(final Hash dataset) {
        return start('d', dataset, 0).array();
    }

    static byte[] version(final Hash dataset) {
        return start('c', dataset, 0).array();
    }

    static byte[] contract(final Hash dataset, final int version) {
        return start('v', dataset, 4).putInt(version).array();
    }

    static byte[] seeker(final Hash dataset, final Hash seeker) {
        return start('k', dataset, Hash.BYTES).put(seeker.toBytes()).array();
    }

    static byte[] part(final TransactionId transaction, final Hash seeker) {
        return start('p', transaction.bundle(), 4 + Hash.BYTES).putInt(transaction.index()).put(seeker.toBytes())
            .array();
    }

    static byte[] used(final Hash dataset, final Hash seeker, final ChunkRange clause) {
        return start('n', dataset, Hash.BYTES + 8).put(seeker.toBytes()).putInt(clause.first()).putInt(clause.last())
            .array();
    }

    static byte[] request(final TransactionId request) {
        return start('q', request.bundle(), 4).putInt(request.index()).array();
    }

    static byte[] evidence(final TransactionId request, final int replica, final int kind) {
        return start('e', request.bundle(), 7).putInt(request.index()).putShort((short) replica).put((byte) kind)
            .array();
    }

    static byte[] incarnation(final int role) {
        return ByteBuffer.allocate(3).put((byte) 'i').putShort((short) role).array();
    }

    private static ByteBuffer start(final char prefix, final Hash first, final int more) {
        return ByteBuffer.allocate(1 + Hash.BYTES + more).put((byte) prefix).put(first.toBytes());
    }
}
