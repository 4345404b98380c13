package org.ztp.transport;

import java.util.Optional;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Requests of clients and their answers between ranks as bytes. Any bytes may be decoded; each message has one
 * encoding.
 *
 * <pre>
 *   u8 1 ask, 2 answer | number u64 | the request or answer, all that is left, 1 byte or more
 * </pre>
 */
final class RelayCodec {
    private static final int ASK = 1;
    private static final int ANSWER = 2;

    private RelayCodec() {
    }

    /** Appends a message. */
    static void encode(final RelayMessage message, final WireWriter out) {
        out.u8(message instanceof RelayMessage.Ask ? ASK : ANSWER).u64(message.number()).raw(message.bytes());
    }

    /** Reads one; empty if the bytes are none. */
    static Optional<RelayMessage> decode(final byte[] bytes, final int offset, final int length) {
        final WireReader in = new WireReader(bytes, offset, length);
        final int kind = in.u8();
        final long number = in.u64();
        in.require((kind == ASK || kind == ANSWER) && in.remaining() > 0 && in.remaining() <= RelayMessage.MAX_BYTES);
        if (in.failed()) {
            return Optional.empty();
        }
        final byte[] content = in.raw(in.remaining());
        return Optional.of(kind == ASK ? new RelayMessage.Ask(number, content) : new RelayMessage.Answer(number, content));
    }
}
