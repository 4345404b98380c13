package org.ztp.client.ring;

/**
 * Where a ring is in a connection's file.
 *
 * @param data offset of its bytes
 * @param ringBytes how many, a power of two
 * @param tailWord offset of the producer's position
 * @param headWord offset of the consumer's position
 */
record RingPlace(int data, int ringBytes, int tailWord, int headWord) {
    /** The ring from the client to the service. */
    static RingPlace requests(final int ringBytes) {
        return new RingPlace(Layout.RINGS, ringBytes, Layout.REQUEST_TAIL, Layout.REQUEST_HEAD);
    }

    /** The ring from the service to the client. */
    static RingPlace replies(final int ringBytes) {
        return new RingPlace(Layout.RINGS + ringBytes, ringBytes, Layout.REPLY_TAIL, Layout.REPLY_HEAD);
    }
}
