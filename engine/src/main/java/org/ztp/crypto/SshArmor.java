package org.ztp.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The text around an OpenSSH private key: a first line, base64 in lines of 70 characters, a last line. Secrets pass
 * through, so everything stays in arrays that can be overwritten.
 */
final class SshArmor {
    static final String MAKE_ONE = "make one with: ztp keygen FILE, or ssh-keygen -t ed25519";
    static final String COPY_AGAIN = "the file is damaged: copy it again from where it was made";
    private static final byte[] BEGIN = ascii("-----BEGIN OPENSSH PRIVATE KEY-----");
    private static final byte[] END = ascii("-----END OPENSSH PRIVATE KEY-----");
    private static final int LINE_CHARS = 70;

    private SshArmor() {
    }

    /** The bytes inside; the caller overwrites them. */
    static byte[] remove(final byte[] content) throws KeyFormatException {
        if (!startsWith(content, BEGIN)) {
            throw notAPrivateKey(content);
        }
        final int end = indexOf(content, END);
        if (end < 0) {
            throw new KeyFormatException("the private key has no end line", COPY_AGAIN);
        }
        for (int i = end + END.length; i < content.length; i++) {
            if (content[i] != '\n' && content[i] != '\r') {
                throw new KeyFormatException("the private key file has text after its end", COPY_AGAIN);
            }
        }
        final byte[] base64 = withoutLineEnds(content, BEGIN.length, end);
        try {
            return Base64.getDecoder().decode(base64);
        } catch (final IllegalArgumentException malformed) {
            // The decoder's message is left out: it may quote a character of the key.
            throw new KeyFormatException("the private key is not base64", COPY_AGAIN);
        } finally {
            Secrets.zero(base64);
        }
    }

    /** The text around {@code body}; the caller overwrites both. */
    static byte[] add(final byte[] body) {
        final byte[] lines = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encode(body);
        try (SshWriter text = new SshWriter()) {
            final byte[] lineEnd = {'\n'};
            return text.raw(BEGIN).raw(lineEnd).raw(lines).raw(lineEnd).raw(END).raw(lineEnd).bytes();
        } finally {
            Secrets.zero(lines);
        }
    }

    private static KeyFormatException notAPrivateKey(final byte[] content) {
        if (startsWith(content, ascii(SshKeyFiles.PEM))) {
            return new KeyFormatException("not an OpenSSH private key, but another kind of PEM file", MAKE_ONE);
        }
        if (startsWith(content, ascii("ssh-"))) {
            return new KeyFormatException("a public key where a private key is needed",
                "give the file without .pub");
        }
        return new KeyFormatException("not an OpenSSH private key", MAKE_ONE);
    }

    private static byte[] withoutLineEnds(final byte[] content, final int from, final int to) {
        final byte[] kept = new byte[to - from];
        int size = 0;
        for (int i = from; i < to; i++) {
            if (content[i] != '\n' && content[i] != '\r') {
                kept[size++] = content[i];
            }
        }
        final byte[] exact = Arrays.copyOf(kept, size);
        Secrets.zero(kept);
        return exact;
    }

    private static boolean startsWith(final byte[] content, final byte[] prefix) {
        return matchesAt(content, 0, prefix);
    }

    private static int indexOf(final byte[] content, final byte[] wanted) {
        for (int i = 0; i <= content.length - wanted.length; i++) {
            if (matchesAt(content, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matchesAt(final byte[] content, final int offset, final byte[] wanted) {
        return content.length - offset >= wanted.length
            && Arrays.equals(content, offset, offset + wanted.length, wanted, 0, wanted.length);
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
