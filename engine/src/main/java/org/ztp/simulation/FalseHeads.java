package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.epoch.EpochMessage;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Ask;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.epoch.EpochMessage.Word;
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

    FalseHeads(final World world, final FalseCertificates certificates) {
        this.world = world;
        this.certificates = certificates;
    }

    /** Keeps what may be of use. */
    void notice(final EpochMessage message) {
        if (message instanceof Made said) {
            newest = said.heads();
        }
    }

    /** An epoch to be named in a block, which may be newer than the last one, and seldom is a good one. */
    Optional<Epoch> epoch() {
        return newest.isEmpty() ? Optional.empty() : Epoch.of(world.group.chain(), changed(newest));
    }

    /** What it says instead. */
    EpochMessage changed(final EpochMessage message) {
        world.count("false words about heads");
        if (message instanceof Ask said) {
            return new Ask(said.round(), said.heights().stream().map(height -> height + world.random.nextInt(100)).toList());
        } else if (message instanceof Answer said) {
            return new Answer(said.round(), world.random.nextBoolean() ? said.newest() : Long.MAX_VALUE,
                said.words().stream().map(this::changed).toList());
        }
        return new Made(changed(((Made) message).heads()));
    }

    private Word changed(final Word word) {
        return switch (world.random.nextInt(4)) {
            case 0 -> new Word(word.subCluster(), !word.stalled(), word.newer());
            case 1 -> new Word(word.subCluster(), word.stalled(), Optional.empty());
            case 2 -> new Word(word.subCluster() + 1, word.stalled(), word.newer());
            default -> new Word(word.subCluster(), word.stalled(), Optional.of(head(word.newer().map(Certificate::height)
                .orElse(0L))));
        };
    }

    /** Others' heads, a head that nobody signed, a mark where none belongs, or all as they were before. */
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
                if (older.size() > at) {
                    changed.set(at, older.get(at));
                }
            }
        }
        older = world.random.nextInt(4) == 0 ? heads : older;
        return changed;
    }

    /** A commit certificate of a block that is not final. */
    private Certificate head(final long height) {
        final long above = height + 1 + world.random.nextInt(3);
        final Hash block = Hash.sha256(new byte[] {5, (byte) above});
        return switch (world.random.nextInt(3)) {
            case 0 -> certificates.forged(Phase.COMMIT, world.highestView, above, block);
            case 1 -> certificates.foreign(Phase.COMMIT, world.highestView, above, block);
            default -> certificates.redated(world.highestView).map(one -> FalseCertificates.dated(one, one.view(), Phase.COMMIT))
                .orElse(certificates.forged(Phase.COMMIT, world.highestView, above, block));
        };
    }
}
