package org.ztp.contract.transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * TAKE-OVER: a replica's role passes to another process. It counts with the words of a quorum of the other members, or
 * with the role's own, which a process gives that took a role over whose old process was known to have ended.
 *
 * <pre>
 *   u8 8 | incarnation: role u16, number u32, run u64, rank u16 | u16 words, 1 .. 1024 | each: replica u16, signature
 *   64
 * </pre>
 *
 * Words are in rising order of the replicas.
 *
 * @param next the incarnation from then on
 * @param words who signed it
 */
public record TakeOver(Incarnation next, List<Word> words) {
    /** The kind's number. */
    public static final int KIND = 8;
    /** Most words. */
    public static final int MAX_WORDS = 1_024;

    /** Keeps the list as it is. */
    public TakeOver {
        words = List.copyOf(words);
    }

    /** The transaction's bytes. */
    public byte[] encode() {
        final WireWriter out = new WireWriter().u8(KIND);
        next.encode(out);
        out.u16(words.size());
        words.forEach(word -> word.encode(out));
        return out.toBytes();
    }

    /** Reads one; empty if the bytes are none. */
    public static Optional<TakeOver> parse(final byte[] array, final int offset, final int length) {
        final WireReader in = new WireReader(array, offset, length);
        in.require(in.u8() == KIND);
        final Incarnation next = Incarnation.decode(in);
        final int count = in.u16();
        in.require(count >= 1 && count <= MAX_WORDS);
        final List<Word> words = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            final Word word = Word.decode(in);
            in.require(words.isEmpty() || words.get(words.size() - 1).replica() < word.replica());
            words.add(word);
        }
        return in.finished() ? Optional.of(new TakeOver(next, words)) : Optional.empty();
    }
}
