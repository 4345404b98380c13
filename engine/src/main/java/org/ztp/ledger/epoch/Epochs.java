package org.ztp.ledger.epoch;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.CertificateVerdict;
import org.ztp.ledger.CertificateVerifier;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;

/**
 * The rules of epochs, the same for who votes and for who audits. Each check gives what is wrong in one line, or
 * nothing.
 *
 * <ol>
 * <li>E1. A block names the epoch that its parent names (0 and zeros if none was named), or a new one; it holds the new
 *     one, and only then holds any ({@link #checkNamed}).
 * <li>E2. A new epoch has the number and root that the header tells, a higher number than the last one on this chain,
 *     and no head goes back against that ({@link #checkNamed}).
 * <li>E3. Each head is a block of its sub-cluster with a commit certificate that holds ({@link #checkHeads}).
 * </ol>
 */
public final class Epochs {
    private Epochs() {
    }

    /** Where an auditor finds the final block at a height of a sub-cluster's chain. */
    @FunctionalInterface
    public interface FinalBlocks {
        /** The hash of the final block, which is not asked for at height 0; empty if the chain is not that high. */
        Optional<Hash> at(int subCluster, long height);
    }

    /** Whether a head is certified. */
    @FunctionalInterface
    public interface HeadCheck {
        /** The same as {@link Epochs#holds(EpochHead, Voters)} with the voters of the sub-cluster. */
        boolean holds(int subCluster, EpochHead head);
    }

    /**
     * All rules at once, for a block of one chain in its order.
     *
     * @param block the block
     * @param last the epoch that was named last below it on its chain
     * @param voters who votes in each sub-cluster, by its number
     */
    public static Optional<String> check(final Block block, final Optional<Epoch> last, final List<Voters> voters) {
        final Optional<String> named = checkNamed(block, last);
        return named.isPresent() || block.epoch().isEmpty() ? named : checkHeads(block.epoch().get(), last, voters);
    }

    /** Rules E1 and E2, against the epoch that was named last below the block on its chain. */
    public static Optional<String> checkNamed(final Block block, final Optional<Epoch> last) {
        final BlockHeader header = block.header();
        final long number = last.map(Epoch::number).orElse(0L);
        final Hash root = last.map(Epoch::root).orElse(Hash.ZERO);
        if (block.epoch().isEmpty()) {
            return header.epoch() == number && header.epochRoot().equals(root) ? Optional.empty()
                : Optional.of("epoch that the block does not hold: expected=" + number + " " + root.brief()
                    + " actual=" + header.epoch() + " " + header.epochRoot().brief());
        }
        final Epoch epoch = block.epoch().get();
        if (epoch.number() != header.epoch() || !epoch.root().equals(header.epochRoot())) {
            return Optional.of("header does not name the epoch that the block holds: expected=" + epoch.number() + " "
                + epoch.root().brief() + " actual=" + header.epoch() + " " + header.epochRoot().brief());
        }
        return last.isEmpty() || epoch.follows(last.get()) ? Optional.empty()
            : Optional.of("epoch goes back: last=" + number + " actual=" + epoch.number());
    }

    /**
     * Rule E3.
     *
     * @param epoch the epoch
     * @param known an epoch whose heads were checked: a head that is the same is not checked again
     * @param voters who votes in each sub-cluster, by its number
     */
    public static Optional<String> checkHeads(final Epoch epoch, final Optional<Epoch> known,
                                              final List<Voters> voters) {
        return checkHeads(epoch, voters, (subCluster, head) -> known.isPresent()
            && known.get().heads().size() > subCluster && known.get().heads().get(subCluster).isSame(head)
            || holds(head, voters.get(subCluster)));
    }

    /** Rule E3 for who remembers certificates, and so tells in another way whether one holds. */
    public static Optional<String> checkHeads(final Epoch epoch, final List<Voters> voters, final HeadCheck heads) {
        if (epoch.heads().size() != voters.size()) {
            return Optional.of("sub-clusters of epoch " + epoch.number() + ": expected=" + voters.size() + " actual="
                + epoch.heads().size());
        }
        for (int i = 0; i < voters.size(); i++) {
            final EpochHead head = epoch.heads().get(i);
            if (!heads.holds(i, head)) {
                return Optional.of("head of sub-cluster " + i + " in epoch " + epoch.number()
                    + " is not certified: height=" + head.height() + " block=" + head.block().brief());
            }
        }
        return Optional.empty();
    }

    /** Whether a head is certified by its sub-cluster. */
    public static boolean holds(final EpochHead head, final Voters voters) {
        final Certificate certificate = head.certificate();
        return (certificate.height() == 0 || certificate.phase() == Phase.COMMIT)
            && CertificateVerifier.verify(certificate, voters).equals(CertificateVerdict.GOOD);
    }

    /** For auditors who have all chains: whether each head is the final block at its height of its chain. */
    public static Optional<String> checkBlocks(final Epoch epoch, final FinalBlocks chains) {
        for (int i = 0; i < epoch.heads().size(); i++) {
            final EpochHead head = epoch.heads().get(i);
            final Optional<Hash> block = head.height() == 0 ? Optional.of(head.block()) : chains.at(i, head.height());
            if (block.isEmpty() || !block.get().equals(head.block())) {
                return Optional.of("head of sub-cluster " + i + " in epoch " + epoch.number()
                    + " is not its final block at height " + head.height() + ": expected="
                    + block.map(Hash::brief).orElse("none") + " actual=" + head.block().brief());
            }
        }
        return Optional.empty();
    }
}
