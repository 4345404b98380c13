package org.ztp.crypto;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.ztp.merkle.Sha256;

/**
 * An OpenSSH public key: the line {@code ssh-ed25519 AAAA… comment} of a {@code .pub} file.
 *
 * @param key     the Ed25519 key
 * @param comment what follows the key, in one line; may be empty
 */
public record SshPublicKey(VerifyKey key, String comment) {
    static final String TYPE = "ssh-ed25519";
    private static final String MAKE_ONE = "make one with: ssh-keygen -t ed25519";
    private static final String WHOLE_LINE = "give the whole line of the .pub file, as ssh-keygen wrote it";
    /** A line with the longest comment that is accepted. */
    private static final int MAX_LINE_CHARS = 4096;

    /** Refuses comments that would not fit into one line. */
    public SshPublicKey {
        if (!isOneLine(comment)) {
            throw new IllegalArgumentException("a comment is one line of at most " + MAX_LINE_CHARS + " characters");
        }
    }

    /**
     * Reads one line. Plain lines only: no options before the key, one space between the fields.
     *
     * @throws KeyFormatException when it is another kind of key, or no key at all
     */
    public static SshPublicKey parse(final String line) throws KeyFormatException {
        if (!isOneLine(line)) {
            throw new KeyFormatException("a public key is one line of at most " + MAX_LINE_CHARS + " characters",
                WHOLE_LINE);
        }
        final String[] fields = line.split(" ", 3);
        requireType(fields[0]);
        if (fields.length < 2) {
            throw new KeyFormatException("the key is missing after " + TYPE, WHOLE_LINE);
        }
        return new SshPublicKey(decodeBlob(decodeBase64(fields[1])), fields.length < 3 ? "" : fields[2]);
    }

    /**
     * Reads a {@code .pub} file of exactly one line.
     *
     * @throws IOException        when the file cannot be read
     * @throws KeyFormatException when it does not hold one Ed25519 public key
     */
    public static SshPublicKey read(final Path file) throws IOException, KeyFormatException {
        final byte[] content;
        try (var in = Files.newInputStream(file)) {
            content = in.readNBytes(MAX_LINE_CHARS + 3);
        }
        String line = new String(content, StandardCharsets.UTF_8);
        if (line.startsWith("-----BEGIN")) {
            throw new KeyFormatException(file + " is a private key", "give the .pub file beside it");
        }
        if (line.endsWith("\n")) {
            line = line.substring(0, line.length() - (line.endsWith("\r\n") ? 2 : 1));
        }
        return parse(line);
    }

    /** The line, without a line end. */
    public String format() {
        final String line = TYPE + " " + Base64.getEncoder().encodeToString(encodeBlob(key));
        return comment.isEmpty() ? line : line + " " + comment;
    }

    /** {@code SHA256:} and 43 characters of base64, as {@code ssh-keygen -l} prints it. */
    public String fingerprint() {
        return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(Sha256.of(encodeBlob(key)));
    }

    static boolean isOneLine(final String text) {
        return text.length() <= MAX_LINE_CHARS && text.chars().noneMatch(Character::isISOControl);
    }

    static byte[] encodeBlob(final VerifyKey key) {
        try (SshWriter out = new SshWriter()) {
            return out.string(TYPE).string(key.bytes()).bytes();
        }
    }

    static VerifyKey decodeBlob(final byte[] blob) throws KeyFormatException {
        final SshReader in = new SshReader(blob, 0);
        requireType(new String(in.string(), StandardCharsets.ISO_8859_1));
        final byte[] encoded = in.string();
        if (encoded.length != VerifyKey.BYTES) {
            throw new KeyFormatException(
                "key length: expected=" + VerifyKey.BYTES + " actual=" + encoded.length, WHOLE_LINE);
        }
        if (in.remaining() != 0) {
            throw new KeyFormatException("the key has " + in.remaining() + " trailing bytes", WHOLE_LINE);
        }
        return VerifyKey.decode(encoded, 0).orElseThrow(
            () -> new KeyFormatException("the bytes are not an Ed25519 public key", WHOLE_LINE));
    }

    static void requireType(final String type) throws KeyFormatException {
        if (type.equals(TYPE)) {
            return;
        }
        if (type.startsWith("ssh-") || type.startsWith("ecdsa-") || type.startsWith("sk-")) {
            throw new KeyFormatException(
                "key type: expected=" + TYPE + " actual=" + printable(type), MAKE_ONE);
        }
        throw new KeyFormatException("not a public key: it does not start with " + TYPE, WHOLE_LINE);
    }

    private static String printable(final String type) {
        final String shortened = type.length() > 64 ? type.substring(0, 64) : type;
        return shortened.replaceAll("[^!-~]", "?");
    }

    private static byte[] decodeBase64(final String text) throws KeyFormatException {
        try {
            final byte[] blob = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(blob).equals(text)) {
                return blob;
            }
        } catch (final IllegalArgumentException malformed) {
            throw new KeyFormatException("the key is not base64: " + malformed.getMessage(), WHOLE_LINE);
        }
        throw new KeyFormatException("the key is not base64 in its one canonical form", WHOLE_LINE);
    }
}
