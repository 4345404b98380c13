package org.ztp.audit;

import org.ztp.ledger.BatchRef;
import org.ztp.ledger.CertificateVerdict;
import org.ztp.ledger.LedgerRecord;

/** A journal's record with what the threads found out about it. Filled by {@link RecordWindow}, then only read. */
final class CheckedRecord {
    final long position;
    final LedgerRecord record;
    /** Of a batch: what its bytes come to. */
    BatchRef actual;
    /** Of a batch: position of the first bundle that was not signed, or -1. */
    int unsigned = -1;
    /** Of a certificate: what came of its votes. */
    CertificateVerdict verdict = CertificateVerdict.GOOD;

    CheckedRecord(final long position, final LedgerRecord record) {
        this.position = position;
        this.record = record;
    }
}
