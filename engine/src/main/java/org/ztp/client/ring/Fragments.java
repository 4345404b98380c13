package org.ztp.client.ring;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Puts a message together from its fragments. Its memory grows with what came, not with what was announced. */
final class Fragments {
    private static final byte[] NONE = new byte[0];

    private final int maxMessageBytes;
    private byte[] message = NONE;
    private long correlation;
    private int announced;
    private int received;

    Fragments(final int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Adds the next fragment; false if it is not the next one of this message, nor the first one of a new one. */
    boolean add(final long ofCorrelation, final int messageBytes, final int offset, final ByteBuffer payload) {
        final boolean starts = announced == 0;
        if (offset != received || payload.remaining() > messageBytes - offset
            || messageBytes < 1 || messageBytes > maxMessageBytes
            || !starts && (correlation != ofCorrelation || announced != messageBytes)) {
            return false;
        }
        correlation = ofCorrelation;
        announced = messageBytes;
        final int needed = received + payload.remaining();
        if (needed > message.length) {
            message = Arrays.copyOf(message, (int) Math.min(messageBytes, Math.max(needed, 2L * message.length)));
        }
        payload.get(message, received, payload.remaining());
        received = needed;
        return true;
    }

    /** Bytes of a message that is not whole yet. */
    int held() {
        return received;
    }

    /** The message, once all of it came; then the next one may start. */
    Optional<byte[]> takeWhole() {
        if (received < announced) {
            return Optional.empty();
        }
        final byte[] whole = message;
        message = NONE;
        announced = 0;
        received = 0;
        return Optional.of(whole);
    }
}
