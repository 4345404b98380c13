package org.ztp.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.ztp.consensus.Action.BatchEntry;
import org.ztp.consensus.Action.BlockEntry;
import org.ztp.consensus.Action.CertificateEntry;
import org.ztp.consensus.Action.Entry;
import org.ztp.consensus.Action.Persist;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Recovered;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.wire.Hash;

/** One replica's journal and safety record: what was not durable at a crash is gone. */
final class SimulatedDisk {
    private final ArrayDeque<Persist> unsynced = new ArrayDeque<>();
    private final List<Entry> journal = new ArrayList<>();
    private Optional<byte[]> safety = Optional.empty();

    void write(final Persist persist) {
        unsynced.add(persist);
    }

    /** Syncs everything up to a ticket. */
    void sync(final long ticket) {
        while (!unsynced.isEmpty() && unsynced.peek().ticket() <= ticket) {
            final Persist done = unsynced.remove();
            journal.addAll(done.records());
            if (done.safety().isPresent()) {
                safety = done.safety();
            }
        }
    }

    /**
     * What a crash leaves of what was not acknowledged: everything if the kernel keeps it; else some writes that were
     * whole (records, and then the safety record), and some records of the next.
     */
    void crash(final boolean keepsWrites, final Random random) {
        final int whole = keepsWrites ? unsynced.size() : random.nextInt(2) * random.nextInt(unsynced.size() + 1);
        for (int i = 0; i < whole; i++) {
            sync(unsynced.peek().ticket());
        }
        int lucky = random.nextInt(4);
        for (final Persist persist : unsynced) {
            for (final Entry entry : persist.records()) {
                if (lucky-- > 0) {
                    journal.add(entry);
                }
            }
        }
        unsynced.clear();
    }

    /** Loses the safety record. */
    void loseSafety() {
        safety = Optional.empty();
    }

    /** Loses everything. */
    void wipe() {
        unsynced.clear();
        journal.clear();
        safety = Optional.empty();
    }

    Optional<byte[]> safety() {
        return safety;
    }

    void storeSafety(final byte[] record) {
        safety = Optional.of(record);
    }

    /** The final chain that the journal tells, lowest first. */
    List<FinalBlock> finalChain() {
        final Map<Hash, Batch> batches = new HashMap<>();
        final Map<Hash, Block> blocks = new HashMap<>();
        final Map<Hash, Certificate> certificates = new HashMap<>();
        Certificate highest = null;
        for (final Entry entry : journal) {
            if (entry instanceof BatchEntry batch) {
                batches.put(batch.ref().root(), batch.batch());
            } else if (entry instanceof BlockEntry block) {
                blocks.put(block.block().hash(), block.block());
            } else if (entry instanceof CertificateEntry certificate) {
                certificates.put(certificate.certificate().block(), certificate.certificate());
                highest = certificate.certificate();
            }
        }
        final ArrayList<FinalBlock> chain = new ArrayList<>();
        Block at = highest == null ? null : blocks.get(highest.block());
        while (at != null) {
            chain.add(0, new FinalBlock(at, at.batches().stream().map(ref -> batches.get(ref.root())).toList(),
                Optional.ofNullable(certificates.get(at.hash()))));
            at = blocks.get(at.header().parent());
        }
        return chain;
    }

    /** What a replica that starts finds. */
    Recovered recover(final Hash chain, final StateMachine machine) {
        LedgerState state = machine.genesis();
        Hash head = chain;
        long height = 0;
        long view = 0;
        long timeMillis = 0;
        Optional<Epoch> epoch = Optional.empty();
        final Map<Hash, BatchEntry> batches = new LinkedHashMap<>();
        final Map<Hash, Block> blocks = new LinkedHashMap<>();
        for (final Entry entry : journal) {
            if (entry instanceof BatchEntry batch) {
                batches.put(batch.ref().root(), batch);
            } else if (entry instanceof BlockEntry block) {
                blocks.put(block.block().hash(), block.block());
            }
        }
        for (final FinalBlock block : finalChain()) {
            final Optional<Epoch> before = epoch;
            state = machine.execute(state, block.block(), block.batches()).after();
            head = block.block().hash();
            height = block.block().height();
            view = block.block().header().view();
            timeMillis = block.block().header().timeMillis();
            epoch = block.block().epoch().or(() -> before);
            block.block().batches().forEach(ref -> batches.remove(ref.root()));
        }
        final long finalHeight = height;
        return new Recovered(height, head, view, timeMillis, epoch, state,
            blocks.values().stream().filter(block -> block.height() > finalHeight).toList(),
            batches.values().stream().map(one -> new Recovered.StoredBatch(one.ref(), one.batch())).toList());
    }

    /** A stored batch. */
    Optional<BatchEntry> batch(final Hash root) {
        for (final Entry entry : journal) {
            if (entry instanceof BatchEntry batch && batch.ref().root().equals(root)) {
                return Optional.of(batch);
            }
        }
        return Optional.empty();
    }
}
