package org.ztp.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Fault.Kind;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.StateMachine.Executed;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.ledger.receipt.Finality;
import org.ztp.wire.Hash;

/**
 * Takes final blocks in that a peer has sent: believed is only what hangs on the own last final block, is what its header
 * names, and is covered by a commit certificate.
 */
final class FinalIntake {
    private final Context context;

    FinalIntake(final Context context) {
        this.context = context;
    }

    /**
     * Takes blocks in as far as they are whole and certified; a peer whose blocks are not is accused. What begins higher is
     * no lie: it answers what this replica asked before a crash that took its newest blocks, or ahead of blocks that were bad.
     *
     * @return how many became final here
     */
    long take(final int from, final FinalBlocks said) {
        final List<FinalBlock> blocks = said.blocks();
        final List<FinalBlock> run = new ArrayList<>();
        final long before = context.tree.head().height();
        long next = before + 1;
        if (blocks.stream().mapToLong(block -> block.block().height()).filter(height -> height > before).findFirst()
            .orElse(next) > next) {
            return 0;
        }
        Hash parent = context.tree.head().hash();
        Optional<Epoch> epoch = context.tree.head().epoch();
        for (final FinalBlock sent : blocks) {
            if (sent.block().height() < next) {
                continue;
            }
            final FinalBlock block = withPooled(sent);
            if (block.block().height() != next || !block.block().header().parent().equals(parent)
                || !fits(block, epoch)) {
                context.fault(from, Kind.BAD_BLOCKS, "block does not follow: height=" + block.block().height());
                return context.tree.head().height() - before;
            }
            run.add(block);
            next++;
            parent = block.block().hash();
            epoch = block.block().epoch().isPresent() ? block.block().epoch() : epoch;
            if (block.certificate().isPresent() && !takeIn(from, run)) {
                return context.tree.head().height() - before;
            }
        }
        if (!run.isEmpty() && said.above().isPresent()) {
            takeInBelow(from, run, said.above().get());
        }
        return context.tree.head().height() - before;
    }

    /** The block with those of its batches that are here already: they were checked, and need not be hashed again. */
    private FinalBlock withPooled(final FinalBlock sent) {
        final List<BatchRef> refs = sent.block().batches();
        if (sent.batches().size() != refs.size() || refs.stream().noneMatch(this::isPooled)) {
            return sent;
        }
        final List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < refs.size(); i++) {
            batches.add(isPooled(refs.get(i)) ? context.pool.get(refs.get(i).root()).orElseThrow().batch()
                : sent.batches().get(i));
        }
        return new FinalBlock(sent.block(), batches, sent.certificate());
    }

    private boolean isPooled(final BatchRef ref) {
        return context.pool.get(ref.root()).filter(pooled -> pooled.ref().equals(ref)).isPresent();
    }

    private boolean fits(final FinalBlock block, final Optional<Epoch> lastEpoch) {
        if (block.batches().size() != block.block().batches().size()
            || Epochs.checkNamed(block.block(), lastEpoch).isPresent()
            || block.block().epoch().flatMap(context.epochs::take).isPresent()) {
            return false;
        }
        if (!context.hashing.transactionsRoot(block.block().batches())
            .equals(block.block().header().transactionsRoot())) {
            return false;
        }
        for (int i = 0; i < block.batches().size(); i++) {
            final BatchRef named = block.block().batches().get(i);
            if (!isPooled(named) && !context.hashing.isNamed(block.batches().get(i), named)) {
                return false;
            }
        }
        return true;
    }

    private boolean takeIn(final int from, final List<FinalBlock> run) {
        final FinalBlock last = run.get(run.size() - 1);
        final Optional<Certificate> commit = check(from, last.certificate().orElseThrow(), last.block().header());
        if (commit.isEmpty()) {
            return false;
        }
        run.set(run.size() - 1, new FinalBlock(last.block(), last.batches(), commit)); // not with votes as they came
        finish(run);
        context.outbox.record(new Action.CertificateEntry(commit.get()));
        run.clear();
        context.certifier.advanced(commit);
        return true;
    }

    /**
     * Takes in the first blocks of a run that is too long for one portion: its certificate is of a block that is not
     * here, so that it is not recorded yet. A crash before it is takes these blocks for undecided, unless the index
     * knows of them.
     */
    private void takeInBelow(final int from, final List<FinalBlock> run, final Finality above) {
        BlockHeader below = run.get(run.size() - 1).block().header();
        for (final BlockHeader next : above.headers()) {
            if (next.height() != below.height() + 1 || !next.parent().equals(below.hash())) {
                context.fault(from, Kind.BAD_BLOCKS, "header does not follow: height=" + next.height());
                return;
            }
            below = next;
        }
        if (check(from, above.certificate(), below).isPresent()) {
            finish(run);
            context.certifier.advanced(Optional.empty());
        }
    }

    /** A commit certificate of a block, checked; empty, and the sender accused, if it is none. */
    private Optional<Certificate> check(final int from, final Certificate claimed, final BlockHeader of) {
        final Optional<Certificate> commit = claimed.phase() == Phase.COMMIT
            && claimed.block().equals(of.hash()) && claimed.height() == of.height()
            ? context.certificates.check(claimed) : Optional.empty();
        if (commit.isEmpty()) {
            context.fault(from, Kind.BAD_SIGNATURE, "certificate " + Context.brief(claimed));
        }
        return commit;
    }

    private void finish(final List<FinalBlock> run) {
        for (final FinalBlock block : run) {
            context.tree.requireDigest(block.block());
            final Executed executed = context.tree.executeOnHead(block.block(), block.batches());
            for (int i = 0; i < block.batches().size(); i++) {
                final BatchRef ref = block.block().batches().get(i);
                if (context.pool.get(ref.root()).isEmpty()) {
                    context.outbox.record(new Action.BatchEntry(ref, block.batches().get(i)));
                }
                context.pool.finalized(ref.root());
            }
            context.outbox.record(new Action.BlockEntry(block.block()));
            context.outbox.now(new Action.Finalized(block, executed));
            context.tree.advance(block.block(), executed.after());
            context.insistence.finalized(block.block());
        }
    }
}
