package org.ztp.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.ztp.consensus.BatchHashing;
import org.ztp.consensus.Group;
import org.ztp.consensus.SignatureCheck;
import org.ztp.consensus.vote.CertificateCheck;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.storage.archive.Archive;
import org.ztp.wire.Hash;

/**
 * Takes final blocks from an archive, and trusts it no more than a peer: blocks follow each other from the replica's
 * own head, their batches are what they name, and a commit certificate with a quorum of signatures ends each run. What
 * does not hold ends the restoration; the rest is for the peers to give. Used once, by the thread that opens a replica.
 */
final class Restoration {
    private static final long RUN_BYTES_MAX = 1L << 30;

    private final Archive archive;
    private final CertificateCheck certificates;
    private final BatchHashing hashing;
    private final List<Voters> voters;
    private final Map<Hash, BatchRef> batches = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private final List<FinalRecords.Raw> run = new ArrayList<>();
    private long runBytes;
    private long height;
    private Hash head;
    private Optional<Epoch> epoch = Optional.empty();
    private String fault = "";

    /** Is given what is final. */
    @FunctionalInterface
    interface Sink {
        /** The records of one or more blocks, of which the last one is certified. */
        void take(List<FinalRecords.Raw> records);
    }

    /**
     * What came of it.
     *
     * @param height up to which the chain is known now
     * @param fault why the rest of the archive was not taken, for people; empty if all was
     */
    record Outcome(long height, String fault) { }

    Restoration(final Archive archive, final Group group, final SignatureCheck signatures, final BatchHashing hashing,
                final List<Voters> voters) {
        this.archive = archive;
        this.certificates = new CertificateCheck(group, signatures);
        this.hashing = hashing;
        this.voters = voters;
    }

    /** Takes what the archive has above a height whose block has this hash, and up to which this epoch was named last. */
    Outcome run(final long above, final Hash block, final Optional<Epoch> named, final Sink sink) {
        epoch = named;
        height = above;
        head = block;
        final Archive.Replayed replayed = archive.replay(above + 1, (at, kind, buffer, offset, length) -> {
            if (fault.isEmpty()) {
                fault = take(kind, copy(buffer, offset, length), sink);
            }
        });
        return new Outcome(height - blocks.size(), !fault.isEmpty() || replayed.findings().isEmpty() ? fault
            : replayed.findings().get(0).toString());
    }

    private static byte[] copy(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    /** Returns why a record does not hold, or an empty string. */
    private String take(final int kind, final byte[] payload, final Sink sink) {
        final Optional<LedgerRecord> record = LedgerRecord.decode(kind, payload);
        runBytes += payload.length;
        if (record.isEmpty() || runBytes > RUN_BYTES_MAX) {
            return "no record of a ledger, or too many without a certificate, after height " + height;
        }
        run.add(new FinalRecords.Raw(kind, new UnsafeBuffer(payload)));
        if (record.get() instanceof LedgerRecord.StoredBatch stored) {
            hashing.identify(stored.batch()).filter(stored.ref()::equals)
                .ifPresent(ref -> batches.put(ref.root(), ref));
            return "";
        }
        return record.get() instanceof LedgerRecord.StoredBlock stored ? onBlock(stored.block())
            : onCertificate(((LedgerRecord.StoredCertificate) record.get()).certificate(), sink);
    }

    private String onBlock(final Block block) {
        final boolean follows = block.height() == height + 1 && block.header().parent().equals(head);
        final boolean fits = hashing.transactionsRoot(block.batches()).equals(block.header().transactionsRoot())
            && block.batches().stream().allMatch(ref -> ref.equals(batches.get(ref.root())));
        if (!follows || !fits) {
            return "height " + block.height() + (follows ? " lacks its batches" : " does not follow " + height);
        }
        final Optional<String> badEpoch = Epochs.check(block, epoch, voters);
        if (badEpoch.isPresent()) {
            return "height " + block.height() + ": " + badEpoch.get();
        }
        epoch = block.epoch().isPresent() ? block.epoch() : epoch;
        blocks.add(block);
        height = block.height();
        head = block.hash();
        return "";
    }

    private String onCertificate(final Certificate claimed, final Sink sink) {
        if (blocks.isEmpty() || claimed.phase() != Phase.COMMIT || !claimed.block().equals(head)
            || claimed.height() != height || certificates.check(claimed).isEmpty()) {
            return "the certificate of height " + claimed.height() + " does not hold";
        }
        sink.take(List.copyOf(run));
        run.clear();
        runBytes = 0;
        blocks.clear();
        batches.clear();
        return "";
    }
}
