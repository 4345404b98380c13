package org.ztp.ledger.epoch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Domain;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The heads of all sub-clusters. That its certificates hold is for {@link Epochs} to check.
 *
 * @param heads one for each sub-cluster, by its number: 2 .. {@value #MAX_SUB_CLUSTERS}
 * @param number sum of their heights, 1 or more
 * @param root SHA-256 over 90 bytes: the domain's tag, chain 32, number u64, sub-clusters u16, and the root of the
 *     RFC 6962 tree over the heads
 */
public record Epoch(List<EpochHead> heads, long number, Hash root) {
    /** Most sub-clusters: as many as the largest genesis can have. */
    public static final int MAX_SUB_CLUSTERS = 1024;
    /** Fewest: a single chain needs no epochs. */
    public static final int MIN_SUB_CLUSTERS = 2;

    /** Keeps the list as it is. */
    public Epoch {
        heads = List.copyOf(heads);
    }

    /** The epoch of these heads; empty if they are too few or too many, or all of them at height 0. */
    public static Optional<Epoch> of(final Hash chain, final List<EpochHead> heads) {
        long number = 0;
        for (final EpochHead head : heads) {
            number = number < 0 ? number : number + head.height();
        }
        return number < 1 || heads.size() < MIN_SUB_CLUSTERS || heads.size() > MAX_SUB_CLUSTERS ? Optional.empty()
            : Optional.of(new Epoch(heads, number, root(chain, number, heads)));
    }

    private static Hash root(final Hash chain, final long number, final List<EpochHead> heads) {
        final TreeHasher hasher = new TreeHasher();
        final byte[] leaves = new byte[Hash.BYTES * heads.size()];
        for (int i = 0; i < heads.size(); i++) {
            final byte[] leaf = heads.get(i).leaf(i);
            hasher.leaf(leaf, 0, leaf.length, leaves, Hash.BYTES * i);
        }
        return Hash.sha256(new WireWriter(90).raw(Domain.EPOCH.tag()).hash(chain).u64(number).u16(heads.size())
            .raw(MerkleTree.of(hasher, leaves, 0, heads.size()).root()).toBytes());
    }

    /** Whether it may be named after another one on the same chain: no head goes back, and at least one goes on. */
    public boolean follows(final Epoch earlier) {
        if (number <= earlier.number || heads.size() != earlier.heads.size()) {
            return false;
        }
        for (int i = 0; i < heads.size(); i++) {
            final EpochHead now = heads.get(i);
            final EpochHead then = earlier.heads.get(i);
            if (now.height() < then.height() || now.height() == then.height() && !now.block().equals(then.block())) {
                return false;
            }
        }
        return true;
    }

    /** Writes the number of heads u16, and the heads. */
    public void encode(final WireWriter out) {
        out.u16(heads.size());
        heads.forEach(head -> head.encode(out));
    }

    /** Reads one of a chain; empty, and the reader has failed, if it is none. */
    public static Optional<Epoch> decode(final WireReader in, final Hash chain) {
        final int count = in.u16();
        in.require(count >= MIN_SUB_CLUSTERS && count <= MAX_SUB_CLUSTERS);
        final List<EpochHead> heads = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            heads.add(EpochHead.decode(in));
        }
        final Optional<Epoch> epoch = in.failed() ? Optional.empty() : of(chain, heads);
        in.require(epoch.isPresent());
        return epoch;
    }
}
