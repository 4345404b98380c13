package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Message.Vote;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;

/** Votes and certificates as a traitor would have them, made with its own key and what it overheard. */
final class FalseCertificates {
    /** Another ledger, on which the same replicas serve with the same keys; there they vote for what they are asked. */
    private static final Hash FOREIGN = Hash.sha256(new byte[] {3});

    private final World world;
    private final int self;
    private final Overheard overheard;

    FalseCertificates(final World world, final int self, final Overheard overheard) {
        this.world = world;
        this.self = self;
        this.overheard = overheard;
    }

    private byte[] signed(final int replica, final Hash chain, final Phase phase, final long view, final long height,
                          final Hash block) {
        return world.keys.signer(replica).sign(Certificate.votedBytes(chain, world.group.subCluster(), phase, view,
            height, block));
    }

    /** Its own vote. */
    Vote vote(final Phase phase, final long view, final long height, final Hash block) {
        return new Vote(phase, view, height, block, signed(self, world.group.chain(), phase, view, height, block));
    }

    /** A certificate that others would not sign. */
    Certificate forged(final Phase phase, final long view, final long height, final Hash block) {
        final int quorum = world.group.quorum();
        final byte[] own = signed(self, world.group.chain(), phase, view, height, block);
        final int way = world.random.nextInt(3);
        final List<Certificate.Signature> votes = new ArrayList<>();
        for (int i = 0; i < (way == 0 ? 1 : quorum); i++) {
            votes.add(new Certificate.Signature(way == 2 ? world.group.members().get(i) : self, own));
        }
        return new Certificate(phase, view, height, block, votes);
    }

    /** A certificate of another ledger. */
    Certificate foreign(final Phase phase, final long view, final long height, final Hash block) {
        return new Certificate(phase, view, height, block, world.group.members().stream().map(member ->
            new Certificate.Signature(member, signed(member, FOREIGN, phase, view, height, block))).toList());
    }

    /** A good certificate with another view or phase. */
    static Certificate dated(final Certificate one, final long view, final Phase phase) {
        return new Certificate(phase, view, one.height(), one.block(), one.votes());
    }

    /** Some certificate with another view or phase. */
    Optional<Certificate> redated(final long view) {
        final List<Certificate> known = overheard.certificates();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        final Certificate one = known.get(world.random.nextInt(known.size()));
        return Optional.of(world.random.nextBoolean() ? dated(one, one.view(), Phase.COMMIT)
            : dated(one, Math.max(1, view + world.random.nextInt(3) - 1), one.phase()));
    }
}
