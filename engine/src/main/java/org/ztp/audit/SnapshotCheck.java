package org.ztp.audit;

import java.util.Optional;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.CertificateVerdict;
import org.ztp.ledger.CertificateVerifier;
import org.ztp.ledger.Voters;
import org.ztp.ledger.snapshot.ArrivingSnapshot;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.snapshot.SnapshotRecord;

/** Checks the snapshot that a journal begins with: a quorum has certified it, and the state is that of the digest. */
final class SnapshotCheck {
    private final Voters voters;
    private final ArrivingSnapshot snapshot = new ArrivingSnapshot();
    private String fault = "";

    SnapshotCheck(final Voters voters) {
        this.voters = voters;
    }

    /** Takes a record; the head, if it is that. */
    Optional<SnapshotHead> take(final SnapshotRecord record) {
        final boolean fits = snapshot.take(record);
        if (fits && record instanceof SnapshotRecord.Head start) {
            final Certificate certificate = start.head().above().certificate();
            fault = start.head().fault(voters.chain(), voters.subCluster()).or(() -> voters.root().counts(certificate)
                && CertificateVerifier.verify(certificate, voters).equals(CertificateVerdict.GOOD) ? Optional.empty()
                : Optional.of("the certificate of the snapshot of height " + start.head().height() + " does not hold"))
                .orElse("");
            return head();
        }
        if (head().isEmpty()) {
            fault = "pages of a state without a snapshot's head";
        } else if (record instanceof SnapshotRecord.Page && !fits && fault.isEmpty()) {
            fault = "a page that is not of the state of height " + head().get().height();
        }
        return Optional.empty();
    }

    /** What it is of, if the journal begins with one. */
    Optional<SnapshotHead> head() {
        return snapshot.head();
    }

    /** What is wrong with it; empty if nothing is. */
    String fault() {
        return !fault.isEmpty() ? fault : head().isEmpty() ? "no snapshot"
            : snapshot.whole().isEmpty() ? "the snapshot of height " + head().get().height() + " is not whole" : "";
    }
}
