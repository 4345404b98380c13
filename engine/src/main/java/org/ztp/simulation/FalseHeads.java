package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ztp.epoch.EpochMessage;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Ask;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.epoch.EpochMessage.Word;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.Hash;

/** What a traitor says to other nodes about heads of sub-clusters and epochs. */
final class FalseHeads {
    private final World world;
    private final FalseCertificates certificates;
    private List<EpochHead> older = List.of();
    private List<EpochHead> newest = List.of();
    private final Map<Hash, Epoch> named = new HashMap<>();

    FalseHeads(final World world, final FalseCertificates certificates) {
        this.world = world;
        this.certificates = certificates;
    }

    /** Keeps what may be of use. */
    void notice(final EpochMessage message) {
        if (message instanceof Made said) {
            older = newest;
            newest = said.heads();
        }
    }

    /** An epoch to be named in a block: one in which a head goes back, or that is wrong in other ways, or a good one. */
    Optional<Epoch> epoch() {
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        final List<EpochHead> heads = world.random.nextBoolean() ? changed(newest) : goneBack();
        return Epoch.of(world.group.chain(), heads);
    }

    private List<EpochHead> goneBack() {
        final List<EpochHead> heads = new ArrayList<>(newest);
        final int at = world.random.nextInt(heads.size());
        if (older.size() > at) {
            heads.set(at, older.get(at));
        }
        return heads;
    }

    /** The same block, by its hash, which does not speak of what it holds: without its epoch, or with what it must not hold. */
    Optional<Block> otherwise(final Block block) {
        block.epoch().ifPresent(epoch -> named.put(epoch.root(), epoch));
        if (block.epoch().isEmpty()) {
            return Optional.ofNullable(named.get(block.header().epochRoot())).map(known -> holding(block, Optional.of(known)));
        }
        return world.random.nextBoolean() ? withOtherVotes(block) : Optional.of(holding(block, Optional.empty()));
    }

    private static Block holding(final Block block, final Optional<Epoch> epoch) {
        return new Block(block.header(), block.batches(), epoch, block.hash());
    }

    private Optional<Block> withOtherVotes(final Block block) {
        return block.epoch().flatMap(epoch -> {
            final List<EpochHead> heads = new ArrayList<>(epoch.heads());
            final int at = world.random.nextInt(heads.size());
            final Certificate one = heads.get(at).certificate();
            heads.set(at, new EpochHead(heads.get(at).carried(), certificates.forged(one.phase(), one.view(),
                one.height(), one.block())));
            return Epoch.of(world.group.chain(), heads);
        }).map(epoch -> holding(block, Optional.of(epoch)));
    }

    /** What it says instead. */
    EpochMessage changed(final EpochMessage message) {
        world.count("false words about heads");
        notice(message);
        if (message instanceof Ask said) {
            return new Ask(said.round(), said.heights().stream().map(height -> height
                + world.random.nextInt(100)).toList());
        } else if (message instanceof Answer said) {
            return new Answer(said.round(), world.random.nextBoolean() ? said.newest() : Long.MAX_VALUE,
                said.words().stream().map(this::changed).toList());
        }
        return new Made(changed(newest));
    }

    private Word changed(final Word word) {
        return switch (world.random.nextInt(4)) {
            case 0 -> new Word(word.subCluster(), !word.stalled(), word.newer());
            case 1 -> new Word(word.subCluster(), word.stalled(), Optional.empty());
            case 2 -> new Word(word.subCluster() + 1, word.stalled(), word.newer());
            default -> new Word(word.subCluster(), word.stalled(), Optional.of(head(word.newer()
                .map(Certificate::height).orElse(0L))));
        };
    }

    /** Another's head, a head that nobody signed, a mark where none belongs, or a head as it was before. */
    private List<EpochHead> changed(final List<EpochHead> heads) {
        final List<EpochHead> changed = new ArrayList<>(heads);
        final int at = world.random.nextInt(heads.size());
        final EpochHead one = heads.get(at);
        switch (world.random.nextInt(5)) {
            case 0 -> changed.set(at, new EpochHead(!one.carried(), one.certificate()));
            case 1 -> changed.set(at, new EpochHead(one.carried(), head(one.height())));
            case 2 -> changed.set(at, heads.get((at + 1) % heads.size()));
            case 3 -> changed.remove(at);
            default -> {
                return goneBack();
            }
        }
        return changed;
    }

    /** A commit certificate of a block that is not final. */
    private Certificate head(final long height) {
        final long above = height + 1 + world.random.nextInt(3);
        final Hash block = Hash.sha256(new byte[] {5, (byte) above});
        return switch (world.random.nextInt(3)) {
            case 0 -> certificates.forged(Phase.COMMIT, world.highestView, above, block);
            case 1 -> certificates.foreign(Phase.COMMIT, world.highestView, above, block);
            default -> certificates.redated(world.highestView)
                .map(one -> FalseCertificates.dated(one, one.view(), Phase.COMMIT)).orElse(certificates.forged(Phase.COMMIT, world.highestView, above, block));
        };
    }
}
