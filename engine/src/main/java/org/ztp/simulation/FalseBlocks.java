package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.safety.Signer;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Blocks and proposals as a traitor would have them. */
final class FalseBlocks {
    private final World world;
    private final int self;
    private final Signer signer;
    private final Overheard overheard;

    FalseBlocks(final World world, final int self, final Overheard overheard) {
        this.world = world;
        this.self = self;
        this.signer = world.keys.signer(self);
        this.overheard = overheard;
    }

    private Proposal signed(final Block block, final Certificate justify, final Optional<TimeoutCertificate> entry) {
        return new Proposal(block, justify, entry, signer.sign(Proposal.signedBytes(block)));
    }

    private Proposal instead(final Proposal proposal, final Block block) {
        return signed(block, proposal.justify(), proposal.entry());
    }

    private Block block(final BlockHeader like, final long view, final long timeMillis, final List<BatchRef> refs) {
        return block(like, view, timeMillis, like.stateDigest(), refs);
    }

    private Block block(final BlockHeader like, final long view, final long timeMillis, final Hash stateDigest,
                        final List<BatchRef> refs) {
        return Block.of(new BlockHeader(like.subCluster(), self, like.height(), view, timeMillis, like.chain(),
            like.parent(), world.hashing.transactionsRoot(refs), stateDigest, like.epoch(), like.epochRoot(),
            refs.size(), refs.stream().mapToInt(BatchRef::transactions).sum()), refs);
    }

    /** Another block in the place of a proposal's; always the same one. */
    Proposal rival(final Proposal proposal) {
        final List<BatchRef> refs = proposal.block().batches();
        return instead(proposal, block(proposal.block().header(), proposal.view(),
            proposal.block().header().timeMillis() + 1, refs.subList(0, refs.size() / 2)));
    }

    /** A proposal of batches that nobody has. */
    Proposal phantom(final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        final List<BatchRef> refs = new ArrayList<>();
        for (int i = 0; i < world.faults.limits().blockBatches(); i++) {
            final byte[] name = new WireWriter().u64(header.view()).u64(header.height()).u32(i).toBytes();
            refs.add(new BatchRef(Hash.sha256(name), 1, 1, 200));
        }
        return instead(proposal, block(header, header.view(), header.timeMillis(), refs));
    }

    /** A proposal that leaves half of all batches out, or all of them; the same one if it has none of them. */
    Proposal withoutSome(final Proposal proposal) {
        final Block block = proposal.block();
        final List<BatchRef> refs = block.batches().stream()
            .filter(ref -> world.course.seed % 2 == 0 && ref.root().hashCode() % 2 == 0).toList();
        return refs.equals(block.batches()) ? proposal : instead(proposal, Block.of(block(block.header(),
            proposal.view(), block.header().timeMillis(), refs).header(), refs, block.epoch()));
    }

    /** A proposal of the batches that its parent names; empty if it has not heard of that. */
    Optional<Proposal> repeated(final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        return overheard.block(header.parent()).map(parent -> instead(proposal, block(header, header.view(),
            header.timeMillis(), parent.batches())));
    }

    /** A proposal that names and holds an epoch. */
    Proposal withEpoch(final Proposal proposal, final Epoch epoch) {
        final BlockHeader header = proposal.block().header();
        return instead(proposal, Block.of(new BlockHeader(header.subCluster(), self, header.height(), header.view(),
            header.timeMillis(), header.chain(), header.parent(), header.transactionsRoot(), header.stateDigest(),
            epoch.number(), epoch.root(), header.batches(), header.transactions()), proposal.block().batches(),
            Optional.of(epoch)));
    }

    /** A proposal that breaks a rule, to the letter well formed. */
    Proposal irregular(final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        final List<BatchRef> refs = proposal.block().batches();
        return instead(proposal, switch (world.random.nextInt(5)) {
            case 0 -> block(header, header.view(), header.timeMillis(), Hash.sha256(new byte[] {4}), refs);
            case 1 -> block(header, header.view(), header.timeMillis() - 100_000, refs);
            case 2 -> block(header, header.view(), header.timeMillis() + 1_000_000, refs);
            case 3 -> onStrangeParent(proposal.block());
            default -> withOtherBatches(proposal.block());
        });
    }

    /** A block with the same header, and so the same hash, that names another batch, which is there. */
    Block withOtherBatches(final Block block) {
        final List<BatchRef> refs = new ArrayList<>(block.batches());
        if (!refs.isEmpty()) {
            overheard.otherThan(refs.get(0)).ifPresent(other -> refs.set(0, other.ref()));
        }
        return new Block(block.header(), refs, block.epoch(), block.hash());
    }

    private FinalBlock withOtherBatches(final FinalBlock one) {
        final List<Batch> batches = new ArrayList<>(one.batches());
        if (!batches.isEmpty()) {
            overheard.otherThan(one.block().batches().get(0)).ifPresent(other -> batches.set(0, other.batch()));
        }
        return new FinalBlock(withOtherBatches(one.block()), batches, one.certificate());
    }

    /** A block on the parent of the block that its justification speaks of, or on another one. */
    private Block onStrangeParent(final Block block) {
        final BlockHeader header = block.header();
        final List<Certificate> known = overheard.parents();
        final Block other = known.isEmpty() ? block
            : overheard.childOf(known.get(world.random.nextInt(Math.min(3, known.size()))).block());
        final BlockHeader like = (world.random.nextBoolean() ? other : overheard.block(header.parent()).orElse(other))
            .header();
        return Block.of(new BlockHeader(header.subCluster(), self, header.height(), header.view(),
            Math.max(header.timeMillis(), like.timeMillis()), header.chain(), like.parent(), header.transactionsRoot(),
            like.stateDigest(), header.epoch(), header.epochRoot(), header.batches(), header.transactions()),
            block.batches());
    }

    /**
     * A block of the view on an old certificate, beside one that stands there already: often on the last block that it
     * knows to be final, so that all that is undecided would be undone.
     */
    Optional<Proposal> onOldParent(final long view, final Hash finalBlock, final boolean redated,
                                   final Optional<TimeoutCertificate> entry) {
        final List<Certificate> known = overheard.parents().stream().filter(one -> one.view() <= view).limit(4)
            .toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        final Certificate parent = known.stream().filter(one -> one.block().equals(finalBlock)
            && world.random.nextInt(3) > 0).findFirst().orElse(known.get(world.random.nextInt(known.size())));
        final BlockHeader sibling = overheard.childOf(parent.block()).header();
        final Certificate justify = redated && parent.view() > 0
            ? FalseCertificates.dated(parent, view, parent.phase()) : parent;
        return Optional.of(signed(block(sibling, view, sibling.timeMillis(), List.of()), justify, entry));
    }

    /** A proposal in the name of whoever leads its view. */
    Proposal inAnothersName(final Proposal own) {
        final BlockHeader header = own.block().header();
        final Block block = Block.of(new BlockHeader(header.subCluster(), world.group.leader(own.view()),
            header.height(), header.view(), header.timeMillis(), header.chain(), header.parent(),
            header.transactionsRoot(), header.stateDigest(), header.epoch(), header.epochRoot(), header.batches(),
            header.transactions()), own.block().batches());
        return signed(block, own.justify(), own.entry());
    }

    /** A block of nothing above the last final one. */
    Block above(final ReplicaCore core, final long view) {
        final long far = Course.START_MILLIS * 2;
        return block(new BlockHeader(world.group.subCluster(), self, core.finalHeight() + 1, view, far,
            world.group.chain(), core.finalBlock(), Hash.ZERO, core.finalState().digest(), 0, Hash.ZERO, 0, 0), view,
            far, List.of());
    }

    /** Final blocks with a hole, in a false order, with others' batches or certificates, or other votes in an epoch. */
    FinalBlocks falsified(final FinalBlocks said, final FalseHeads heads) {
        final List<FinalBlock> blocks = new ArrayList<>(said.blocks());
        if (blocks.isEmpty()) {
            return said;
        }
        final int at = world.random.nextInt(blocks.size());
        final FinalBlock one = blocks.get(at);
        final Optional<Block> otherwise = heads.otherwise(one.block());
        if (otherwise.isPresent() && world.random.nextBoolean()) {
            blocks.set(at, new FinalBlock(otherwise.get(), one.batches(), one.certificate()));
            return new FinalBlocks(blocks, said.above());
        }
        switch (world.random.nextInt(6)) {
            case 0 -> blocks.remove(at);
            case 1 -> blocks.add(at, one);
            case 2 -> blocks.set(at, new FinalBlock(one.block(), one.batches(), blocks.get(0).certificate()));
            case 3 -> blocks.set(at, withOtherContent(one));
            case 4 -> blocks.set(at, withOtherBatches(one));
            default -> {
                final Block rival = block(one.block().header(), one.block().header().view(),
                    one.block().header().timeMillis() + 1, List.of());
                blocks.set(at, new FinalBlock(rival, List.of(), one.certificate().map(good ->
                    new Certificate(good.phase(), good.view(), good.height(), rival.hash(), good.votes()))));
            }
        }
        return new FinalBlocks(blocks, said.above());
    }

    private FinalBlock withOtherContent(final FinalBlock one) {
        final List<Batch> batches = new ArrayList<>(one.batches());
        for (int i = 0; i < batches.size(); i++) {
            final int at = i;
            overheard.otherThan(one.block().batches().get(i)).ifPresent(other -> batches.set(at, other.batch()));
        }
        return new FinalBlock(one.block(), batches, one.certificate());
    }
}
