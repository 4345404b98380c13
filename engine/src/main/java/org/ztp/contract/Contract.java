package org.ztp.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A version of the contract of one dataset: a clause for all of its chunks, then clauses that replace it for theirs.
 *
 * <pre>
 *   u32 version | u16 clauses | clauses: first u32, last u32, u16 seekers, seekers, rules
 *   seeker, approver: key 32, comment text
 *   rules: not-before u64, not-after u64, embargo-until u64, max-requests u32, purpose flag, approvals u8, u8 approvers
 * </pre>
 *
 * @param version 1 for the first, one more with every change
 * @param clauses the first covers chunks 0 .. last; the others lie inside it, ascend and do not overlap
 */
public record Contract(int version, List<Clause> clauses) {
    /** Most clauses. */
    public static final int MAX_CLAUSES = 128;
    /** Most bytes of an encoded contract. */
    public static final int MAX_BYTES = 256 << 10;

    /** Keeps the list as it is. */
    public Contract {
        clauses = List.copyOf(clauses);
    }

    /** A part of the dataset and the clause that holds for it. */
    private record Segment(ChunkRange chunks, Clause clause) {
    }

    /** Number of chunks of the dataset. */
    public int chunks() {
        return clauses.get(0).chunks().count();
    }

    /**
     * Every seeker with the chunks whose clause names it: ascending ranges that neither overlap nor touch. Keys
     * ascend; a seeker whose clauses are replaced everywhere is not there.
     */
    public SortedMap<Hash, List<ChunkRange>> rangesBySeeker() {
        final SortedMap<Hash, List<ChunkRange>> all = new TreeMap<>();
        for (final Segment segment : segments()) {
            for (final Identity seeker : segment.clause.seekers()) {
                append(all.computeIfAbsent(seeker.key(), key -> new ArrayList<>()), segment.chunks);
            }
        }
        return all;
    }

    /** The chunks that the seeker may ask for; empty if there are none. */
    public List<ChunkRange> rangesOf(final Hash seeker) {
        return rangesBySeeker().getOrDefault(seeker, List.of());
    }

    /** The clauses that hold for some of these chunks, each once, in the contract's order. */
    public List<Clause> clausesOver(final ChunkRange chunks) {
        final Clause whole = clauses.get(0);
        final List<Clause> touched = new ArrayList<>();
        if (segments().stream().anyMatch(part -> part.clause == whole && part.chunks.overlaps(chunks))) {
            touched.add(whole);
        }
        clauses.stream().skip(1).filter(clause -> clause.chunks().overlaps(chunks)).forEach(touched::add);
        return touched;
    }

    /** The next version, with these seekers also in the clause for the whole dataset. */
    public Contract granting(final Collection<Identity> seekers) {
        final List<Clause> next = new ArrayList<>(clauses);
        final List<Identity> all = new ArrayList<>(clauses.get(0).seekers());
        all.addAll(seekers);
        next.set(0, clauses.get(0).withSeekers(all));
        return new Contract(version + 1, next);
    }

    /** The next version, with these keys in no clause's seekers. */
    public Contract revoking(final Collection<Hash> keys) {
        final Set<Hash> gone = new HashSet<>(keys);
        return new Contract(version + 1, clauses.stream().map(clause -> clause.without(gone)).toList());
    }

    /** Whether the clauses make sense together; decoders accept and encoders write nothing else. */
    public boolean wellFormed() {
        if (version < 1 || clauses.isEmpty() || clauses.size() > MAX_CLAUSES || clauses.get(0).chunks().first() != 0
            || !clauses.stream().allMatch(Clause::wellFormed)) {
            return false;
        }
        int next = 0;
        for (final Clause clause : clauses.subList(1, clauses.size())) {
            if (clause.chunks().first() < next || !clauses.get(0).chunks().contains(clause.chunks())) {
                return false;
            }
            next = clause.chunks().last() + 1;
        }
        return true;
    }

    /** Whether it can be written: it is well-formed, and no longer than {@link #MAX_BYTES}. */
    public boolean fits() {
        final WireWriter out = new WireWriter();
        write(out);
        return wellFormed() && out.size() <= MAX_BYTES;
    }

    /**
     * Writes it.
     *
     * @throws IllegalArgumentException if it is not well formed or longer than {@link #MAX_BYTES}
     */
    public void encode(final WireWriter out) {
        if (!wellFormed()) {
            throw new IllegalArgumentException("contract is not well formed: version=" + version);
        }
        final int start = out.size();
        write(out);
        if (out.size() - start > MAX_BYTES) {
            throw new IllegalArgumentException("contract: bytes=" + (out.size() - start) + " max=" + MAX_BYTES);
        }
    }

    private void write(final WireWriter out) {
        out.u32(version).u16(clauses.size());
        clauses.forEach(clause -> clause.encode(out));
    }

    /** Reads one; the reader fails if it is none. */
    public static Contract decode(final WireReader in) {
        final int before = in.remaining();
        final int version = in.u32();
        final int count = in.u16();
        in.require(count >= 1 && count <= MAX_CLAUSES);
        final List<Clause> clauses = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            clauses.add(Clause.decode(in));
        }
        final Contract contract = new Contract(version, clauses);
        in.require(!in.failed() && before - in.remaining() <= MAX_BYTES && contract.wellFormed());
        return contract;
    }

    private static void append(final List<ChunkRange> ranges, final ChunkRange next) {
        final int end = ranges.size() - 1;
        if (end >= 0 && ranges.get(end).last() + 1 == next.first()) {
            ranges.set(end, new ChunkRange(ranges.get(end).first(), next.last()));
        } else {
            ranges.add(next);
        }
    }

    private List<Segment> segments() {
        final Clause whole = clauses.get(0);
        final List<Segment> segments = new ArrayList<>();
        int next = 0;
        for (final Clause clause : clauses.subList(1, clauses.size())) {
            if (clause.chunks().first() > next) {
                segments.add(new Segment(new ChunkRange(next, clause.chunks().first() - 1), whole));
            }
            segments.add(new Segment(clause.chunks(), clause));
            next = clause.chunks().last() + 1;
        }
        if (next <= whole.chunks().last()) {
            segments.add(new Segment(new ChunkRange(next, whole.chunks().last()), whole));
        }
        return segments;
    }
}
