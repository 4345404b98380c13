package org.ztp.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.privacy.SharingException;
import org.ztp.storage.disk.DirectoryTree;

/** Measures a file's way into ciphertexts and back, beside what encrypting, hashing and writing it alone take. */
final class FilesRun {
    private static final int PIECE_BYTES = 1 << 20;

    private final FilesPlan plan;
    private final Consumer<String> progress;

    /** A run that tells people what it does at the moment. */
    FilesRun(final FilesPlan plan, final Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures everything. */
    FilesResult run() throws IOException {
        try (TemporaryDirectory directory = TemporaryDirectory.in(plan.place())) {
            return run(directory.path());
        }
    }

    private FilesResult run(final Path directory) throws IOException {
        final Path file = directory.resolve("file");
        final Path copy = directory.resolve("copy");
        try (FilesSharing sharing = new FilesSharing(plan, Files.createDirectory(directory.resolve("blobs")))) {
            progress.accept("making a file of " + plan.bytes() + " bytes");
            fill(file);
            final FileLimits limits = new FileLimits(plan, file);
            progress.accept("measuring what this machine could do at most");
            limits.crypto(); // the first time the code is compiled
            final Took before = took(limits::crypto);
            final Took write = took(() -> limits.write(directory.resolve("limit")));
            final Took readAndWrite = took(() -> limits.readAndWrite(directory.resolve("limit")));
            DirectoryTree.delete(directory.resolve("limit"));
            progress.accept("publishing it");
            final Took publish = took(() -> sharing.publish(file));
            progress.accept("requesting it");
            final Took request = took(() -> sharing.receive(copy));
            if (Files.mismatch(file, copy) >= 0) {
                throw new IllegalStateException("the bytes that were requested are others than those published");
            }
            final Took crypto = before.mean(took(limits::crypto)); // others who work on this machine come and go
            return new FilesResult(plan, publish, request, crypto, write, readAndWrite, HostFacts.of(plan.place()));
        }
    }

    /**
     * How long a step took.
     *
     * @param seconds by the clock
     * @param cpuSeconds of all threads together
     */
    record Took(double seconds, double cpuSeconds) {
        private Took mean(final Took other) {
            return new Took((seconds + other.seconds) / 2, (cpuSeconds + other.cpuSeconds) / 2);
        }
    }

    /** Something that is done with the file. */
    private interface Step {
        void run() throws SharingException, IOException;
    }

    private static Took took(final Step step) throws IOException {
        final var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final long startCpuNs = system.getProcessCpuTime();
        final long startNs = System.nanoTime();
        try {
            step.run();
        } catch (final SharingException failed) {
            throw new CommandException(Exit.UNAVAILABLE, String.valueOf(failed.getMessage()), "is there room for it?");
        }
        return new Took((System.nanoTime() - startNs) / 1e9, (system.getProcessCpuTime() - startCpuNs) / 1e9);
    }

    private void fill(final Path file) throws IOException {
        final byte[] piece = new byte[PIECE_BYTES];
        new SplittableRandom(1).nextBytes(piece);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long done = 0; done < plan.bytes();) {
                done += channel.write(ByteBuffer.wrap(piece, 0, (int) Math.min(PIECE_BYTES, plan.bytes() - done)));
            }
            channel.force(false);
        }
    }
}
