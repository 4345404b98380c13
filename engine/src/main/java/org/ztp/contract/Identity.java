package org.ztp.contract;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A key that a contract names, with a word for people about whose it is.
 *
 * @param key Ed25519 public key, 32 bytes
 * @param comment one line of at most {@link #MAX_COMMENT_BYTES} bytes of UTF-8; decides nothing
 */
public record Identity(Hash key, String comment) {
    /** Longest comment. */
    public static final int MAX_COMMENT_BYTES = 128;

    /** The identity of a key; a longer comment is cut and its control characters are dropped. */
    public static Identity of(final Hash key, final String comment) {
        final StringBuilder kept = new StringBuilder();
        int bytes = 0;
        for (final int letter : comment.codePoints().toArray()) {
            final int size = new String(Character.toChars(letter)).getBytes(StandardCharsets.UTF_8).length;
            if (!printable(letter)) {
                continue;
            }
            bytes += size;
            if (bytes > MAX_COMMENT_BYTES) {
                break;
            }
            kept.appendCodePoint(letter);
        }
        return new Identity(key, kept.toString());
    }

    /** By ascending key, each key once with the first comment it came with: the order that contracts keep. */
    public static List<Identity> sorted(final Collection<Identity> identities) {
        final TreeMap<Hash, Identity> byKey = new TreeMap<>();
        identities.forEach(identity -> byKey.putIfAbsent(identity.key, identity));
        return List.copyOf(byKey.values());
    }

    /** Whether the keys ascend, each there once. */
    static boolean ascending(final List<Identity> identities) {
        for (int i = 1; i < identities.size(); i++) {
            if (identities.get(i - 1).key.compareTo(identities.get(i).key) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the key is among them, which ascend. */
    static boolean contains(final List<Identity> identities, final Hash key) {
        int from = 0;
        int to = identities.size();
        while (from < to) {
            final int middle = (from + to) >>> 1;
            final int order = identities.get(middle).key.compareTo(key);
            if (order == 0) {
                return true;
            }
            from = order < 0 ? middle + 1 : from;
            to = order < 0 ? to : middle;
        }
        return false;
    }

    /** Writes the key, then the comment: 34 bytes and the text. */
    public void encode(final WireWriter out) {
        out.hash(key).text(comment);
    }

    /** Reads one; the reader fails if it is none. */
    public static Identity decode(final WireReader in) {
        final Identity identity = new Identity(in.hash(), in.text(MAX_COMMENT_BYTES));
        in.require(identity.comment.codePoints().allMatch(Identity::printable));
        return identity;
    }

    private static boolean printable(final int letter) {
        return !Character.isISOControl(letter) && !(letter >= 0xD800 && letter <= 0xDFFF);
    }

    /** The comment if there is one, and the first digits of the key. */
    @Override
    public String toString() {
        return comment.isEmpty() ? key.brief() : comment + " (" + key.brief() + ")";
    }
}
