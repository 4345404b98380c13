package org.ztp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.ztp.config.Durability;
import org.ztp.config.Setting;
import org.ztp.crypto.SignatureBatch;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKey;
import org.ztp.ledger.Bundle;
import org.ztp.merkle.Sha256;

/**
 * What this machine could do at most if nothing else were to be done: three parts of the work that no design saves,
 * each alone, with the same bytes, the same threads and the same rule of durability. A transaction is the work of the
 * replicas of one sub-cluster.
 */
final class Limits {
    private static final long MEASURE_NS = 1_000_000_000L;
    private static final int CALLS = 64;
    private static final int WRITE_BYTES = 1 << 20;
    private static final int FILE_BYTES = 64 << 20;

    private final BenchPlan plan;
    private final byte[] bytes;

    Limits(final BenchPlan plan) {
        this.plan = plan;
        bytes = new byte[Math.max(WRITE_BYTES, plan.load().transactionBytes())];
        new SplittableRandom(1).nextBytes(bytes);
    }

    /** Transactions a second if each is hashed once (SHA-256) for each replica by the team's threads. */
    double hash() {
        final int length = plan.load().transactionBytes();
        final double hashes = ParallelRate.measure(plan.configuration().threads(), MEASURE_NS, thread -> {
            final Sha256 sha = new Sha256();
            final byte[] out = new byte[Sha256.LENGTH];
            return () -> {
                for (int i = 0; i < CALLS; i++) {
                    sha.update(bytes, 0, length).digest(out, 0);
                }
                return CALLS;
            };
        });
        return hashes / plan.subClusterSize();
    }

    /**
     * Transactions a second if each bundle's signature is checked once for each replica by the team's threads: as many
     * together as a batch holds, of as many keys as there are clients.
     */
    double signature() {
        return checked(signed -> {
            final SignatureBatch batch = new SignatureBatch(new SystemRandomness());
            return () -> {
                batch.clear();
                for (int i = 0; i < SignatureBatch.LIMIT; i++) {
                    final Signed one = signed.get(i % signed.size());
                    batch.add(one.key, one.signature, 0, one.message, 0, one.message.length);
                }
                batch.check();
                for (int i = 0; i < SignatureBatch.LIMIT; i++) {
                    require(batch.holds(i));
                }
                return SignatureBatch.LIMIT;
            };
        });
    }

    /** The same if each signature is checked by itself. */
    double signatureOneByOne() {
        return checked(signed -> {
            final int[] next = new int[1];
            return () -> {
                final Signed one = signed.get(next[0]++ % signed.size());
                require(one.key.verify(one.signature, one.message));
                return 1;
            };
        });
    }

    /**
     * Transactions a second if each bundle is signed once and its signature checked as often as the setting
     * {@code checks} says: the clients sign on the same cores.
     *
     * @param checked transactions a second if signatures were only checked, once for each replica
     */
    double signedAndChecked(final double checked) {
        try (SigningKey key = SigningKey.generate(new SystemRandomness())) {
            final byte[] message = Arrays.copyOf(bytes, Bundle.SIGNED_BYTES);
            final double signed = ParallelRate.measure(plan.configuration().threads(), MEASURE_NS, thread -> () -> {
                key.sign(message);
                return 1;
            }) * plan.load().transactions();
            final boolean once = plan.configuration().text(Setting.CHECKS).equals("once");
            return 1 / (1 / signed + 1 / (once ? checked * plan.subClusterSize() : checked));
        }
    }

    private static void require(final boolean good) {
        if (!good) {
            throw new IllegalStateException("a good signature was refused");
        }
    }

    /** A signature of a client. */
    private record Signed(VerifyKey key, byte[] signature, byte[] message) { }

    private double checked(final Function<List<Signed>, ParallelRate.LongWork> checks) {
        final List<Signed> signed = new ArrayList<>();
        for (int client = 0; client < plan.load().clients(); client++) {
            try (SigningKey key = SigningKey.generate(new SystemRandomness())) {
                final byte[] message = Arrays.copyOfRange(bytes, client, client + Bundle.SIGNED_BYTES);
                signed.add(new Signed(key.verifyKey(), key.sign(message), message));
            }
        }
        return ParallelRate.measure(plan.configuration().threads(), MEASURE_NS, thread -> checks.apply(signed))
            * plan.load().transactions() / plan.subClusterSize();
    }

    /** Transactions a second if the same bytes are written to one growing file for each replica, 1 MiB at a time. */
    double journal() throws IOException {
        final List<Writing> files = new ArrayList<>();
        try (TemporaryDirectory directory = TemporaryDirectory.in(plan.place())) {
            final boolean sync = plan.configuration().durability() == Durability.DISK;
            for (int replica = 0; replica < plan.replicas(); replica++) {
                files.add(new Writing(directory.path().resolve(Integer.toString(replica)), bytes, sync));
            }
            return ParallelRate.measure(plan.replicas(), MEASURE_NS, files::get) / plan.subClusterSize()
                / plan.load().transactionBytes();
        } finally {
            for (final Writing file : files) {
                file.close();
            }
        }
    }

    /** Writes a file piece by piece, and begins a new one at 64 MiB, as a journal does. Owned by one thread. */
    private static final class Writing implements ParallelRate.LongWork, AutoCloseable {
        private final Path file;
        private final ByteBuffer piece = ByteBuffer.allocateDirect(WRITE_BYTES);
        private final boolean sync;
        private FileChannel channel;
        private long size;

        Writing(final Path file, final byte[] bytes, final boolean sync) throws IOException {
            this.file = file;
            channel = open();
            this.sync = sync;
            piece.put(bytes, 0, WRITE_BYTES);
        }

        @Override
        public long once() {
            try {
                if (size == FILE_BYTES) {
                    channel.close();
                    Files.delete(file);
                    channel = open();
                    size = 0;
                }
                piece.clear();
                while (piece.hasRemaining()) {
                    size += channel.write(piece);
                }
                if (sync) {
                    channel.force(false);
                }
                return WRITE_BYTES;
            } catch (final IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        private FileChannel open() throws IOException {
            return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
