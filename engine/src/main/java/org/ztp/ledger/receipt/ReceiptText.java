package org.ztp.ledger.receipt;

import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.ztp.ledger.BlockHeader;

/**
 * A receipt as a JSON object of a line a field: what people want to know, and under {@code "receipt"} the bytes in
 * base64 (RFC 4648, section 4), which alone count. A text whose readable fields do not say what the bytes say is no
 * receipt, so nobody can be shown a forged line beside a good proof.
 */
public final class ReceiptText {
    private static final String BYTES_FIELD = "\"receipt\": \"";

    private ReceiptText() {
    }

    /** The text, which ends with a line feed. */
    public static String format(final Receipt receipt) {
        final BlockHeader header = receipt.finality().header();
        return String.format(Locale.ROOT, """
            {
              "transaction": "%s",
              "chain": "%s",
              "subCluster": %d,
              "height": %d,
              "time": "%s",
              "client": "%s",
              "outcome": "%s",
              "detail": "%s",
              "outcomeProof": %b,
              "receipt": "%s"
            }
            """, receipt.id(), header.chain(), header.subCluster(), header.height(),
            Instant.ofEpochMilli(header.timeMillis()), receipt.transaction().bundle().client(),
            receipt.outcome().code(), escape(receipt.outcome().detail()), receipt.outcomeProof().isPresent(),
            Base64.getEncoder().encodeToString(receipt.encode()));
    }

    /** Reads what {@link #format} writes, with or without the last line feed; empty if it is anything else. */
    public static Optional<Receipt> parse(final String text) {
        final int start = text.lastIndexOf(BYTES_FIELD) + BYTES_FIELD.length();
        final int end = text.indexOf('"', start);
        if (start < BYTES_FIELD.length() || end < 0) {
            return Optional.empty();
        }
        return bytes(text.substring(start, end)).flatMap(Receipt::decode)
            .filter(receipt -> format(receipt).equals(text.endsWith("\n") ? text : text + "\n"));
    }

    private static Optional<byte[]> bytes(final String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (final IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** A text as the inside of a JSON string (RFC 8259, section 7), in ASCII. */
    private static String escape(final String text) {
        final StringBuilder escaped = new StringBuilder();
        for (final char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
