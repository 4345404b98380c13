package org.ztp.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.ztp.crypto.SignatureBatch;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKey;

/** Signatures of bundles, checked; figures are for one signature. */
@State(Scope.Thread)
public class SignatureKernel {
    private static final int MESSAGE_BYTES = 140;

    /** Clients whose signatures these are. */
    @Param({"8", "128"})
    public int keys;
    private final SignatureBatch batch = new SignatureBatch(new SystemRandomness());
    private final List<VerifyKey> signers = new ArrayList<>();
    private final List<byte[]> messages = new ArrayList<>();
    private final List<byte[]> signatures = new ArrayList<>();

    /** As many signatures as a batch takes. */
    @Setup(Level.Trial)
    public void sign() {
        final Random random = new Random(3);
        final List<SigningKey> clients = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            clients.add(SigningKey.generate(new SystemRandomness()));
        }
        for (int i = 0; i < SignatureBatch.LIMIT; i++) {
            final byte[] message = new byte[MESSAGE_BYTES];
            random.nextBytes(message);
            signers.add(clients.get(i % keys).verifyKey());
            messages.add(message);
            signatures.add(clients.get(i % keys).sign(message));
        }
        clients.forEach(SigningKey::close);
    }

    private boolean checkInBatches(final int size) {
        boolean good = true;
        for (int from = 0; from < SignatureBatch.LIMIT; from += size) {
            batch.clear();
            for (int i = from; i < from + size; i++) {
                batch.add(signers.get(i), signatures.get(i), 0, messages.get(i), 0, MESSAGE_BYTES);
            }
            batch.check();
            for (int i = 0; i < size; i++) {
                good &= batch.holds(i);
            }
        }
        return good;
    }

    /** What is used when many come at a time. */
    @Benchmark
    @OperationsPerInvocation(SignatureBatch.LIMIT)
    public boolean batchesOf128() {
        return checkInBatches(128);
    }

    /** The same with fewer. */
    @Benchmark
    @OperationsPerInvocation(SignatureBatch.LIMIT)
    public boolean batchesOf16() {
        return checkInBatches(16);
    }

    /** What is used for single ones. */
    @Benchmark
    @OperationsPerInvocation(SignatureBatch.LIMIT)
    public boolean oneByOne() {
        boolean good = true;
        for (int i = 0; i < SignatureBatch.LIMIT; i++) {
            good &= signers.get(i).verify(signatures.get(i), messages.get(i));
        }
        return good;
    }

    /** Rejected: Bouncy Castle's check, which has no tables of the keys and decodes each key again. */
    @Benchmark
    @OperationsPerInvocation(SignatureBatch.LIMIT)
    public boolean rejectedBouncyCastle() {
        boolean good = true;
        for (int i = 0; i < SignatureBatch.LIMIT; i++) {
            good &= org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signatures.get(i), 0, signers.get(i).bytes(), 0,
                messages.get(i), 0, MESSAGE_BYTES);
        }
        return good;
    }
}
