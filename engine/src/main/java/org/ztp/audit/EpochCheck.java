package org.ztp.audit;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Block;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.wire.Hash;

/** Follows the epochs that the final blocks of one journal name. Owned by the verifying thread. */
final class EpochCheck {
    private final List<Voters> voters;
    private final ToldHeads told;
    private final HashIndex known;
    private Optional<Epoch> last = Optional.empty();
    private boolean gap;

    /**
     * A check of one journal.
     *
     * @param voters who votes in each sub-cluster, by its number
     * @param told the heads that this chain tells, added to
     * @param known certificates that were found good, added to
     */
    EpochCheck(final List<Voters> voters, final ToldHeads told, final HashIndex known) {
        this.voters = voters;
        this.told = told;
        this.known = known;
    }

    /** Blocks are missing here: what they named is not known. */
    void gap() {
        gap = true;
    }

    /** Takes the next final block; what is wrong with its epoch, if anything is. */
    Optional<String> next(final Block block) {
        if (gap && block.epoch().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> wrong = Epochs.checkNamed(block, gap ? Optional.empty() : last);
        if (wrong.isEmpty() && block.epoch().isPresent()) {
            wrong = Epochs.checkHeads(block.epoch().get(), voters, this::holds);
        }
        if (block.epoch().isPresent() && wrong.isEmpty()) {
            told.add(block.epoch().get());
        }
        if (block.epoch().isPresent()) {
            last = block.epoch();
            gap = false;
        }
        return wrong;
    }

    private boolean holds(final int subCluster, final EpochHead head) {
        final Hash name = RecordWindow.name(head.certificate(), voters.get(subCluster));
        final boolean good = known.contains(name) || Epochs.holds(head, voters.get(subCluster));
        if (good && head.height() > 0) {
            known.put(name, 1);
        }
        return good;
    }
}
