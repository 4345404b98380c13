package org.ztp.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;

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
    /** Under load a journal gathers about so much while the disk takes what was gathered before, and forces it together. */
    private static final int GROUP_BYTES = 16 << 20;

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

    /**
     * Transactions a second if the same bytes are written to growing files for each replica, 1 MiB at a time, past the
     * page cache or through it as the journals do, and forced in their largest groups.
     */
    double journal() throws IOException {
        final List<Writing> files = new ArrayList<>();
        try (TemporaryDirectory directory = TemporaryDirectory.in(plan.place())) {
            final PastCache past = PastCache.valueOf(plan.configuration().text(Setting.JOURNAL_DIRECT)
                .toUpperCase(Locale.ROOT));
            for (int replica = 0; replica < plan.replicas(); replica++) {
                files.add(new Writing(new FileDisk(directory.path().resolve(Integer.toString(replica)), past), bytes,
                    plan.configuration().durability().compareTo(Durability.DISK) >= 0));
            }
            return ParallelRate.measure(plan.replicas(), MEASURE_NS, files::get) / plan.subClusterSize()
                / plan.load().transactionBytes();
        } finally {
            files.forEach(Writing::close);
        }
    }

    /** Writes files of 64 MiB one after another, as a journal does. Owned by one thread. */
    static final class Writing implements ParallelRate.LongWork, AutoCloseable {
        private final Disk disk;
        private final ByteBuffer piece;
        private final boolean sync;
        private DiskFile file;
        private int number;
        private long size;

        Writing(final Disk disk, final byte[] bytes, final boolean sync) {
            this.disk = disk;
            this.sync = sync;
            piece = disk.newBuffer(WRITE_BYTES).put(bytes, 0, WRITE_BYTES);
            file = next();
        }

        @Override
        public long once() {
            if (size == FILE_BYTES) {
                file.close();
                file = next();
                size = 0;
            }
            file.write(piece.clear(), size);
            size += WRITE_BYTES;
            if (sync && size % GROUP_BYTES == 0) {
                file.force();
            }
            return WRITE_BYTES;
        }

        private DiskFile next() {
            return disk.open(Integer.toString(number++), Disk.Mode.CREATE);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
