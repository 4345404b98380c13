package org.ztp.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What holds for a range of chunks.
 *
 * @param chunks the range
 * @param seekers who may ask, by ascending key; nobody if empty
 * @param rules what a request must satisfy
 */
public record Clause(ChunkRange chunks, List<Identity> seekers, Rules rules) {
    /** Most seekers of a clause. */
    public static final int MAX_SEEKERS = 1024;

    /** Keeps the list as it is. */
    public Clause {
        seekers = List.copyOf(seekers);
    }

    /** Whether the key is one of its seekers'. */
    public boolean names(final Hash seeker) {
        return Identity.contains(seekers, seeker);
    }

    /** The same with other seekers, sorted. */
    Clause withSeekers(final List<Identity> others) {
        return new Clause(chunks, Identity.sorted(others), rules);
    }

    /** The same without these seekers; itself if it names none of them. Few keys are found by bisection. */
    Clause without(final Set<Hash> keys) {
        if (keys.size() < seekers.size() && keys.stream().noneMatch(this::names)) {
            return this;
        }
        final List<Identity> kept = seekers.stream().filter(seeker -> !keys.contains(seeker.key())).toList();
        return kept.size() == seekers.size() ? this : new Clause(chunks, kept, rules);
    }

    /** Whether the fields make sense together. */
    boolean wellFormed() {
        return chunks.wellFormed() && seekers.size() <= MAX_SEEKERS && Identity.ascending(seekers)
            && rules.wellFormed();
    }

    /** Writes the range, the seekers behind a 16-bit count, the rules. */
    void encode(final WireWriter out) {
        chunks.encode(out);
        out.u16(seekers.size());
        seekers.forEach(seeker -> seeker.encode(out));
        rules.encode(out);
    }

    /** Reads one; the reader fails if it is none. */
    static Clause decode(final WireReader in) {
        final ChunkRange chunks = ChunkRange.decode(in);
        final int count = in.u16();
        in.require(count <= MAX_SEEKERS);
        final List<Identity> seekers = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            seekers.add(Identity.decode(in));
        }
        final Clause clause = new Clause(chunks, seekers, Rules.decode(in));
        in.require(clause.wellFormed());
        return clause;
    }
}
