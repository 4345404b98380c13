package org.ztp.runtime;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.epoch.EpochMessage;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.release.ReleaseMessage;

/**
 * How long what peers say is, about, in bytes; 0 for what is short, as votes and certificates of sub-clusters of usual
 * size are: that waits for nothing, and its number is bounded.
 */
final class MessageSize {
    /** What is not longer is short. */
    static final int SHORT_BYTES = 64 << 10;
    private static final int VOTE_BYTES = 2 + Certificate.Signature.BYTES;
    private static final int TIMEOUT_BYTES = 90;

    private MessageSize() {
    }

    /** Of what is said about epochs. */
    static long of(final EpochMessage message) {
        return unlessShort(message instanceof Made made ? heads(made.heads())
            : message instanceof Answer answer ? answer.words().stream().map(EpochMessage.Word::newer)
                .flatMap(Optional::stream).mapToLong(MessageSize::votes).sum() : 0);
    }

    /** Of what is said about releases. */
    static long of(final ReleaseMessage message) {
        return message instanceof ReleaseMessage.PartialHere here ? here.partial().value().length
            : message instanceof ReleaseMessage.Singly singly ? singly.sealed().length : 0;
    }

    /** Of what is said about the order of blocks; batches and pages of a state are never short. */
    static long of(final Message message) {
        if (message instanceof Message.BatchHere here) {
            return here.batch().length();
        }
        if (message instanceof Message.StateHere here) {
            return here.page().length;
        }
        if (message instanceof Message.FinalBlocks said) {
            return finalBlocks(said);
        }
        return unlessShort(message instanceof Message.Proposed proposed ? proposal(proposed.proposal())
            : message instanceof Message.BlockHere here ? block(here.block())
            : message instanceof Message.SnapshotHere here ? epoch(here.head().epoch())
                + votes(here.head().above().certificate())
            : certificates(message));
    }

    private static long certificates(final Message message) {
        return message instanceof Message.Certified said ? votes(said.certificate())
            : message instanceof Message.TimedOut said ? votes(said.high()) + timeouts(said.entry())
            : message instanceof Message.Opened said ? votes(said.high()) + timeouts(Optional.of(said.entry())) : 0;
    }

    private static long unlessShort(final long bytes) {
        return bytes <= SHORT_BYTES ? 0 : bytes;
    }

    private static long finalBlocks(final Message.FinalBlocks said) {
        long batches = 0;
        long rest = said.above().map(above -> votes(above.certificate())).orElse(0L);
        for (final FinalBlock block : said.blocks()) {
            rest += block(block.block()) + block.certificate().map(MessageSize::votes).orElse(0L);
            for (final Batch batch : block.batches()) {
                batches += batch.length();
            }
        }
        return batches + unlessShort(rest);
    }

    private static long proposal(final Proposal said) {
        return block(said.block()) + votes(said.justify()) + timeouts(said.entry());
    }

    private static long block(final Block block) {
        return (long) block.batches().size() * BatchRef.BYTES + epoch(block.epoch());
    }

    private static long epoch(final Optional<Epoch> named) {
        return named.map(epoch -> heads(epoch.heads())).orElse(0L);
    }

    private static long heads(final List<EpochHead> heads) {
        long bytes = 0;
        for (final EpochHead head : heads) {
            bytes += votes(head.certificate());
        }
        return bytes;
    }

    private static long votes(final Certificate certificate) {
        return (long) certificate.votes().size() * VOTE_BYTES;
    }

    private static long timeouts(final Optional<TimeoutCertificate> entry) {
        return entry.map(said -> (long) said.votes().size() * TIMEOUT_BYTES).orElse(0L);
    }
}
