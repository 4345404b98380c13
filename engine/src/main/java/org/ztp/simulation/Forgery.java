package org.ztp.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.Status;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.consensus.safety.Signer;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** Makes what an honest replica would not, out of what was overheard and with one replica's key. */
final class Forgery {
    private static final int REMEMBERED = 60;

    private final World world;
    private final int self;
    private final Signer signer;
    private final Map<Hash, Certificate> certificates = bounded();
    private final Map<Hash, Block> childOf = bounded();
    private final TreeMap<Long, TimeoutCertificate> entries = new TreeMap<>();

    Forgery(final World world, final int self) {
        this.world = world;
        this.self = self;
        this.signer = world.keys.signer(self);
    }

    private static <V> Map<Hash, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<Hash, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /** Keeps what may be of use. */
    void notice(final Message message) {
        if (message instanceof Proposed proposed) {
            final Proposal proposal = proposed.proposal();
            childOf.put(proposal.justify().block(), proposal.block());
            certificates.put(proposal.justify().block(), proposal.justify());
            proposal.entry().ifPresent(entry -> entries.put(entry.view(), entry));
        } else if (message instanceof Certified certified) {
            certificates.put(certified.certificate().block(), certified.certificate());
        } else if (message instanceof Opened opened) {
            entries.put(opened.entry().view(), opened.entry());
        } else if (message instanceof TimedOut timedOut) {
            timedOut.entry().ifPresent(entry -> entries.put(entry.view(), entry));
        }
        if (entries.size() > REMEMBERED) {
            entries.pollFirstEntry();
        }
    }

    private Proposal signed(final Block block, final Certificate justify, final Optional<TimeoutCertificate> entry) {
        return new Proposal(block, justify, entry, signer.sign(Proposal.signedBytes(block)));
    }

    private Block block(final BlockHeader like, final long view, final long timeMillis, final List<BatchRef> refs) {
        return Block.of(new BlockHeader(like.subCluster(), self, like.height(), view, timeMillis, like.chain(),
            like.parent(), world.hashing.transactionsRoot(refs), like.stateDigest(), like.epoch(), like.epochRoot(),
            refs.size(), refs.stream().mapToInt(BatchRef::transactions).sum()), refs);
    }

    /** Another block in the place of a proposal's; always the same one. */
    Proposal rival(final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        final List<BatchRef> refs = proposal.block().batches();
        return signed(block(header, header.view(), header.timeMillis() + 1, refs.subList(0, refs.size() / 2)),
            proposal.justify(), proposal.entry());
    }

    /** A proposal of batches that nobody has. */
    Proposal phantom(final Proposal proposal) {
        final BlockHeader header = proposal.block().header();
        final List<BatchRef> refs = new ArrayList<>();
        for (int i = 0; i < world.faults.limits().blockBatches(); i++) {
            final byte[] name = new WireWriter().u64(header.view()).u64(header.height()).u32(i).toBytes();
            refs.add(new BatchRef(Hash.sha256(name), 1, 1, 200));
        }
        return signed(block(header, header.view(), header.timeMillis(), refs), proposal.justify(), proposal.entry());
    }

    /** A block on an old certificate, beside one that stands there already. */
    Optional<Proposal> onOldParent(final long view, final boolean redated) {
        final List<Certificate> known = certificates.values().stream().filter(one -> one.phase() == Phase.PREPARE
            && childOf.containsKey(one.block()) && one.view() <= view).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        final Certificate parent = known.get(world.random.nextInt(known.size()));
        final BlockHeader sibling = childOf.get(parent.block()).header();
        final Certificate justify = redated && parent.view() > 0 ? dated(parent, view, parent.phase()) : parent;
        return Optional.of(signed(block(sibling, view, sibling.timeMillis(), List.of()), justify,
            Optional.ofNullable(entries.get(view - 1))));
    }

    private static Certificate dated(final Certificate one, final long view, final Phase phase) {
        return new Certificate(phase, view, one.height(), one.block(), one.votes());
    }

    /** An old certificate with another view or phase. */
    Optional<Certificate> redated(final long view) {
        final List<Certificate> known = certificates.values().stream().filter(one -> one.view() > 0).toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        final Certificate one = known.get(world.random.nextInt(known.size()));
        return Optional.of(world.random.nextBoolean() ? dated(one, one.view(), Phase.COMMIT)
            : dated(one, Math.max(1, view + world.random.nextInt(3) - 1), one.phase()));
    }

    /** A time-out that tells of no lock. */
    TimedOut withoutLock(final TimedOut said) {
        final long view = said.vote().view();
        final Certificate genesis = Certificate.genesis(World.CHAIN);
        return new TimedOut(new TimeoutVote(self, view, 0, 0,
            signer.sign(TimeoutVote.signedBytes(world.group, view, 0, 0))), genesis, said.entry());
    }

    /** A time-out certificate with signatures of nobody. */
    TimeoutCertificate falseEntry(final long view) {
        final List<TimeoutVote> votes = new ArrayList<>();
        final long of = Math.max(1, view);
        world.group.members().forEach(member -> votes.add(new TimeoutVote(member, of, 0, 0, new byte[64])));
        return new TimeoutCertificate(of, votes);
    }

    /** Any heights and views. */
    Status falseStatus(final Status said) {
        final long far = world.random.nextInt(4) == 0 ? Long.MAX_VALUE : world.random.nextInt(100);
        return new Status(world.random.nextBoolean() ? said.view() : far, far, far, far, world.random.nextBoolean());
    }

    /** Final blocks with a hole, in a false order, without their batches or with another's certificate. */
    FinalBlocks falseBlocks(final FinalBlocks said) {
        final List<FinalBlock> blocks = new ArrayList<>(said.blocks());
        if (blocks.isEmpty()) {
            return said;
        }
        final int at = world.random.nextInt(blocks.size());
        final FinalBlock one = blocks.get(at);
        switch (world.random.nextInt(4)) {
            case 0 -> blocks.remove(at);
            case 1 -> blocks.add(at, one);
            case 2 -> blocks.set(at, new FinalBlock(one.block(), one.batches(), blocks.get(0).certificate()));
            default -> blocks.set(at, new FinalBlock(rivalOf(one.block()), List.of(), one.certificate().map(good ->
                new Certificate(good.phase(), good.view(), good.height(), rivalOf(one.block()).hash(), good.votes()))));
        }
        return new FinalBlocks(blocks);
    }

    private Block rivalOf(final Block block) {
        return block(block.header(), block.header().view(), block.header().timeMillis() + 1, List.of());
    }

    /** A vote. */
    Vote vote(final Phase phase, final long view, final long height, final Hash block) {
        return new Vote(phase, view, height, block, signer.sign(
            Certificate.votedBytes(World.CHAIN, 0, phase, view, height, block)));
    }
}
