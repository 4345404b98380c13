package org.ztp.crypto;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings AES-GCM up to speed. The JDK uses the processor's instructions for it only from code that its compiler has
 * compiled, and it compiles what is called often, not what works long: a program that encrypts chunks of megabytes
 * calls it so seldom that it stays at some 65 MB/s for good (JDK 17), where 5 GB/s are possible. So after the first
 * {@value #SLOW_BYTES} bytes, about half a second of work, ten thousand short messages are encrypted and decrypted:
 * another half second, once in the life of the process. A program that handles less never pays for it.
 *
 * <p>The counter belongs to all threads; it changes speed and never a result.
 */
final class GcmRehearsal {
    /** Shorter messages are common enough to be compiled anyway. */
    static final int LONG_MESSAGE_BYTES = 64 * 1024;
    private static final long SLOW_BYTES = 32L << 20;
    private static final int MESSAGES = 10_000;
    private static final int MESSAGE_BYTES = 1024;
    private static final AtomicLong HANDLED = new AtomicLong();

    private GcmRehearsal() {
    }

    /** Counts a long message; the one that reaches the limit rehearses, before it is handled. */
    static void beforeLongMessage(final int length) {
        if (HANDLED.get() < SLOW_BYTES && HANDLED.addAndGet(length) >= SLOW_BYTES) {
            rehearse();
        }
    }

    private static void rehearse() {
        final AesGcm gcm = new AesGcm();
        final byte[] key = new byte[AesGcm.KEY_BYTES];
        final byte[] nonce = new byte[AesGcm.NONCE_BYTES];
        final byte[] plain = new byte[MESSAGE_BYTES];
        final byte[] sealed = new byte[MESSAGE_BYTES + AesGcm.TAG_BYTES];
        for (int message = 0; message < MESSAGES; message++) {
            nonce[0] = (byte) message;
            nonce[1] = (byte) (message >>> Byte.SIZE);
            gcm.encrypt(key, nonce, nonce, plain, 0, plain.length, sealed, 0);
            gcm.decrypt(key, nonce, nonce, sealed, 0, sealed.length, plain, 0);
        }
    }
}
