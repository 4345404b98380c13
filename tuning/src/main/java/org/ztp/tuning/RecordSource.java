package org.ztp.tuning;

import java.util.SplittableRandom;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;

/** Makes a client's bundles one after another, each transaction different. Owned by the client's thread. */
final class RecordSource implements AutoCloseable {
    private final SigningKey key;
    private final Hash chain;
    private final Randomness randomness;
    private final int transactions;
    private final byte[] record;
    private BundleBuilder builder;
    private long counter;
    private long sequence;

    /** Of one client, with a new key and a new submission. */
    RecordSource(final Hash chain, final Load load, final Randomness randomness, final long seed) {
        this.chain = chain;
        this.randomness = randomness;
        key = SigningKey.generate(randomness);
        transactions = load.transactions();
        final byte[] payload = new byte[load.payloadBytes()];
        new SplittableRandom(seed).nextBytes(payload);
        record = new RecordTransaction("", "", payload).encode();
        beginSubmission();
    }

    /** What comes next belongs to a new submission: its bundles and those before may be submitted in any order. */
    void beginSubmission() {
        builder = new BundleBuilder(chain, Hash.of(key.verifyKey().bytes()),
            randomness.bytes(Bundle.SUBMISSION_BYTES), key::sign);
        sequence = 0;
    }

    /** The next bundle, signed, alone in its array. */
    byte[] next() {
        for (int i = 0; i < transactions; i++) {
            counter++;
            final int end = Math.min(record.length, Load.RECORD_HEADER_BYTES + Long.BYTES);
            for (int at = Load.RECORD_HEADER_BYTES; at < end; at++) {
                record[at] = (byte) (counter >>> (Byte.SIZE * (at - Load.RECORD_HEADER_BYTES)));
            }
            if (!builder.add(record, 0, record.length)) {
                throw new IllegalStateException("transactions do not fit a bundle: " + transactions);
            }
        }
        return builder.seal(sequence++).array();
    }

    @Override
    public void close() {
        key.close();
    }
}
