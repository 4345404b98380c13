package org.ztp.transport;

import java.util.Arrays;

/**
 * What a client asked at a rank of one sub-cluster, on its way to a rank of another, and the answer on its way back.
 * The bytes are those between clients and the service. Nothing in them is believed for having come this way: what a
 * client submits is signed by it, and what it is told is proven to it by receipts and its own boxes.
 */
public sealed interface RelayMessage {
    /** Most bytes of a request or an answer: as many as between a client and the service. */
    int MAX_BYTES = 96 << 20;

    /** Chosen by who asks, 0 or more; the answer has the same. */
    long number();

    /** The request or the answer, 1 .. {@value #MAX_BYTES} bytes. */
    byte[] bytes();

    /** A client's request. */
    record Ask(long number, byte[] bytes) implements RelayMessage {
        @Override
        public boolean equals(final Object other) {
            return other instanceof Ask ask && number == ask.number && Arrays.equals(bytes, ask.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }

    /** The answer to it. */
    record Answer(long number, byte[] bytes) implements RelayMessage {
        @Override
        public boolean equals(final Object other) {
            return other instanceof Answer answer && number == answer.number && Arrays.equals(bytes, answer.bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(number);
        }
    }
}
