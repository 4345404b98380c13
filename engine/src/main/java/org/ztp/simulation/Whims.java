package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.ReplicaCore;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.transport.Parcel;
import org.ztp.transport.ParcelCodec;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/** What a traitor does by itself, from time to time. */
final class Whims {
    private static final int REMEMBERED = 200;

    private final World world;
    private final Traitor traitor;
    private final FalseCertificates certificates;
    private final FalseBlocks blocks;
    private final FalseEntries entries;
    private final Overheard overheard;
    private final List<Parcel> heard = new ArrayList<>();

    Whims(final World world, final Traitor traitor, final Overheard overheard, final FalseCertificates certificates,
          final FalseBlocks blocks, final FalseEntries entries) {
        this.world = world;
        this.traitor = traitor;
        this.overheard = overheard;
        this.certificates = certificates;
        this.blocks = blocks;
        this.entries = entries;
    }

    /** Keeps what it may say again. */
    void notice(final Parcel parcel) {
        if (heard.size() == REMEMBERED) {
            heard.set(world.random.nextInt(REMEMBERED), parcel);
        } else {
            heard.add(parcel);
        }
    }

    /** It does something; its core, if that is up, tells it where things stand. */
    void have(final Optional<ReplicaCore> core) {
        if (heard.isEmpty() || core.isEmpty()) {
            return;
        }
        final int to = world.anyone();
        final Parcel old = heard.get(world.random.nextInt(heard.size()));
        if (traitor.does(Treason.REPLAY)) {
            traitor.send(to, old);
        }
        if (traitor.does(Treason.GARBAGE) && to != traitor.id()) {
            traitor.send(to, almost(old));
        }
        final long view = core.get().view();
        if (traitor.does(Treason.REDATED_CERTIFICATES)) {
            certificates.redated(view).ifPresent(certificate -> traitor.send(to, new Certified(certificate)));
        }
        if (traitor.does(Treason.FORGED_CERTIFICATES)) {
            spread(core.get(), false);
        }
        if (traitor.does(Treason.FOREIGN_CERTIFICATES)) {
            spread(core.get(), true);
        }
        if (traitor.does(Treason.FALSE_FINAL_BLOCKS)) {
            overheard.certified().stream().filter(one -> one.block().height() == core.get().finalHeight() + 1)
                .findFirst().ifPresent(one -> everywhere(new FinalBlocks(List.of(one))));
        }
        leader(view, core.get().finalBlock());
    }

    private byte[] almost(final Parcel parcel) {
        final WireWriter out = new WireWriter();
        ParcelCodec.encode(parcel, out);
        final byte[] bytes = out.toBytes();
        bytes[1 + world.random.nextInt(bytes.length - 1)] ^= (byte) (1 << world.random.nextInt(8));
        return bytes;
    }

    /** A block that nobody voted for, as certified or as final. */
    private void spread(final ReplicaCore core, final boolean foreign) {
        final Block block = blocks.above(core, core.view());
        final Phase phase = traitor.sometimes() ? Phase.PREPARE : Phase.COMMIT;
        final Certificate certificate = foreign
            ? certificates.foreign(phase, core.view(), block.height(), block.hash())
            : certificates.forged(phase, core.view(), block.height(), block.hash());
        final Message said = traitor.sometimes() ? new Certified(certificate)
            : new FinalBlocks(List.of(new FinalBlock(block, List.of(), Optional.of(certificate))));
        everywhere(said);
    }

    private void leader(final long view, final Hash finalBlock) {
        final boolean leads = world.group.leader(view) == traitor.id() || world.group.leader(view + 1) == traitor.id();
        final long led = leads && world.group.leader(view) != traitor.id() ? view + 1 : view;
        if (leads && traitor.does(Treason.OLD_PARENT) || !leads && traitor.does(Treason.USURPED_VIEW)) {
            blocks.onOldParent(led, finalBlock, traitor.does(Treason.REDATED_CERTIFICATES) && traitor.sometimes(),
                entries.opening(led)).ifPresent(proposal -> {
                    world.count("forged proposals");
                    traitor.standBy(proposal);
                    everywhere(new Proposed(leads || traitor.sometimes() ? proposal
                        : blocks.inAnothersName(proposal)));
                });
        }
        if (world.group.leader(view) == traitor.id() && traitor.does(Treason.HASTE) && traitor.sometimes()) {
            everywhere(entries.withoutLock(view));
        }
    }

    private void everywhere(final Message message) {
        world.group.members().forEach(member -> traitor.send(member, message));
    }
}
