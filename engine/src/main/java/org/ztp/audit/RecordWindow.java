package org.ztp.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRoot;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.CertificateVerifier;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.LedgerRecord;
import org.ztp.ledger.LedgerRecord.StoredBatch;
import org.ztp.ledger.LedgerRecord.StoredCertificate;
import org.ztp.ledger.SignatureQueue;
import org.ztp.ledger.Voters;
import org.ztp.merkle.TreeHasher;
import org.ztp.team.Schedule;
import org.ztp.team.Team;
import org.ztp.wire.Hash;

/**
 * Some records at a time, whose signatures and hashes all threads check together; then they are handed on in their
 * order.
 *
 * <p>Signatures are what costs, and all journals of a sub-cluster hold the same ones. A batch's root fixes every byte
 * of it, signatures included, so a batch whose root was checked before is hashed, and its signatures are not checked
 * again; so is a certificate whose bytes were checked before. Owned by the verifying thread.
 */
final class RecordWindow {
    private static final long BYTES_MAX = 8 << 20;
    private static final int RECORDS_MAX = 4_096;
    private static final Schedule SCHEDULE = Schedule.dynamic(4);

    /** A bundle of a batch, or (bundle -1) a certificate. */
    private record Task(CheckedRecord checked, int bundle, byte[] leaves, boolean[] signed, boolean known) { }

    /** What one thread has: signatures wait in its queue until they are checked together. */
    private record Lane(BundleHasher hasher, SignatureQueue queue, List<Task> waiting) {
        void check(final Bundle bundle, final Task task) {
            hasher.enqueue(bundle, queue);
            waiting.add(task);
            if (waiting.size() == SignatureQueue.LIMIT) {
                settle();
            }
        }

        void settle() {
            queue.check();
            for (int i = 0; i < waiting.size(); i++) {
                waiting.get(i).signed[waiting.get(i).bundle] = queue.holds(i);
            }
            queue.clear();
            waiting.clear();
        }
    }

    private final Team team;
    private final Voters voters;
    private final HashIndex known;
    private final Tally tally;
    private final Consumer<CheckedRecord> next;
    private final Lane[] lanes;
    private final List<CheckedRecord> records = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();
    private long bytes;

    /**
     * A window on the records of one journal.
     *
     * @param team checks
     * @param voters whose votes count
     * @param clients checks clients' signatures
     * @param known what was found good before in any journal; added to
     * @param tally counts
     * @param next takes the records in their order
     */
    RecordWindow(final Team team, final Voters voters, final ClientSignatures clients, final HashIndex known,
                 final Tally tally, final Consumer<CheckedRecord> next) {
        this.team = team;
        this.voters = voters;
        this.known = known;
        this.tally = tally;
        this.next = next;
        lanes = new Lane[team.threads()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(new BundleHasher(voters.chain()), clients.queue(), new ArrayList<>());
        }
    }

    /** Takes the next record of the journal. */
    void add(final long position, final int length, final LedgerRecord record) {
        final CheckedRecord checked = new CheckedRecord(position, record);
        records.add(checked);
        bytes += length;
        if (record instanceof StoredBatch stored) {
            final int bundles = stored.batch().bundles().size();
            final boolean wasKnown = known.contains(stored.ref().root());
            final byte[] leaves = new byte[bundles * Hash.BYTES];
            final boolean[] signed = new boolean[bundles];
            for (int i = 0; i < bundles; i++) {
                tasks.add(new Task(checked, i, leaves, signed, wasKnown));
            }
        } else if (record instanceof StoredCertificate stored && !known.contains(name(stored.certificate(), voters))) {
            tasks.add(new Task(checked, -1, new byte[0], new boolean[0], false));
        }
        if (bytes >= BYTES_MAX || records.size() >= RECORDS_MAX) {
            flush();
        }
    }

    /** Checks what was taken, and hands it on. */
    void flush() {
        team.parallelFor(0, tasks.size(), SCHEDULE, (thread, from, to) -> {
            for (int i = from; i < to; i++) {
                run(tasks.get(i), lanes[thread]);
            }
        }, thread -> lanes[thread].settle());
        tasks.forEach(this::finish);
        tasks.clear();
        records.forEach(next);
        records.clear();
        bytes = 0;
    }

    private void run(final Task task, final Lane lane) {
        if (task.bundle < 0) {
            task.checked.verdict = CertificateVerifier.verify(certificate(task), voters);
            return;
        }
        final Bundle bundle = batch(task).bundles().get(task.bundle);
        if (task.known) {
            lane.hasher.identify(bundle);
            task.signed[task.bundle] = true;
        } else {
            lane.check(bundle, task);
        }
        lane.hasher.leaf(bundle, task.leaves, task.bundle * Hash.BYTES);
    }

    /** Once for each certificate, and for each batch with its last bundle. */
    private void finish(final Task task) {
        if (task.bundle < 0) {
            final Certificate certificate = certificate(task);
            tally.signatures += certificate.votes().size();
            if (task.checked.verdict.good()) {
                known.put(name(certificate, voters), 1);
            }
            return;
        }
        tally.signatures += task.known ? 0 : 1;
        if (task.checked.unsigned < 0 && !task.signed[task.bundle]) {
            task.checked.unsigned = task.bundle;
        }
        if (task.bundle == task.signed.length - 1) {
            task.checked.actual = BatchRoot.reduce(new TreeHasher(), batch(task), task.leaves, 0);
            if (task.checked.unsigned < 0 && !task.known) {
                known.put(task.checked.actual.root(), 1);
            }
        }
    }

    /** Under what a good certificate is remembered: a hash of its bytes and of whose they are. */
    static Hash name(final Certificate certificate, final Voters voters) {
        return Hash.sha256(new byte[] {'c', (byte) voters.subCluster(), (byte) (voters.subCluster() >>> 8)},
            LedgerRecord.encode(certificate));
    }

    private static Batch batch(final Task task) {
        return ((StoredBatch) task.checked.record).batch();
    }

    private static Certificate certificate(final Task task) {
        return ((StoredCertificate) task.checked.record).certificate();
    }
}
