package org.ztp.client.ring;

/** A message on its way into a ring. */
final class Outgoing {
    private final long correlation;
    private final byte[] bytes;
    private int written;

    /** A message of 1 byte or more. */
    Outgoing(final long correlation, final byte[] bytes) {
        this.correlation = correlation;
        this.bytes = bytes;
    }

    long correlation() {
        return correlation;
    }

    byte[] bytes() {
        return bytes;
    }

    int written() {
        return written;
    }

    void advance(final int count) {
        written += count;
    }

    boolean done() {
        return written == bytes.length;
    }
}
