package org.ztp.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;

/** A bundle of 100 transactions of 256 bytes, decoded and hashed. */
@State(Scope.Thread)
public class CodecKernel {
    private static final int TRANSACTIONS = 100;
    private static final Hash CHAIN = Hash.sha256(new byte[] {1});

    private final BundleHasher hasher = new BundleHasher(CHAIN);
    private byte[] bytes;

    /** A signed bundle. */
    @Setup(Level.Trial)
    public void build() {
        try (SigningKey key = SigningKey.generate(new SystemRandomness())) {
            final BundleBuilder builder = new BundleBuilder(CHAIN, Hash.of(key.verifyKey().bytes()),
                new byte[Bundle.SUBMISSION_BYTES], key::sign);
            final byte[] record = new RecordTransaction("", "", new byte[256]).encode();
            for (int i = 0; i < TRANSACTIONS; i++) {
                builder.add(record, 0, record.length);
            }
            bytes = builder.seal(0).array();
        }
    }

    /** What is used: a view, checked whole, that copies nothing. */
    @Benchmark
    public Optional<Bundle> parse() {
        return Bundle.parse(bytes, 0, bytes.length);
    }

    /** The view, and every transaction's hash up to the bundle's id. */
    @Benchmark
    public Hash parseAndIdentify() {
        return hasher.identify(Bundle.parse(bytes, 0, bytes.length).orElseThrow());
    }

    /** Rejected: an array for each transaction. */
    @Benchmark
    public List<byte[]> rejectedCopies() {
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(Bundle.HEADER_BYTES);
        final List<byte[]> transactions = new ArrayList<>();
        while (in.hasRemaining()) {
            final byte[] one = new byte[in.getInt()];
            in.get(one);
            transactions.add(one);
        }
        return transactions;
    }
}
