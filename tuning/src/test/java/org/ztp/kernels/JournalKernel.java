package org.ztp.kernels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.Journal;
import org.ztp.storage.journal.JournalOptions;

/** A record of 64 KiB appended and committed; on the disk of the directory for temporary files. */
@State(Scope.Thread)
public class JournalKernel {
    private static final int BYTES = 64 << 10;
    private static final long FILE_BYTES = 64 << 20;

    /** When a record counts as stored. */
    @Param({"OS", "DISK"})
    public Durability durability;
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[BYTES]);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BYTES);
    private Path directory;
    private Journal journal;
    private FileChannel growing;

    /** A new journal, and a file beside it. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        directory = Files.createTempDirectory("ztp-kernel-");
        journal = Journal.open(new FileDisk(Files.createDirectory(directory.resolve("journal"))),
            JournalOptions.of(new byte[32], durability), Journal.START, (position, type, buffer, offset, length) -> { });
        growing = FileChannel.open(directory.resolve("growing"), StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
    }

    /** Removes both. */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        journal.close();
        growing.close();
        DirectoryTree.delete(directory);
    }

    /** What is used: checksummed, into segments that were given their size before. */
    @Benchmark
    public long append() {
        final long position = journal.append(1, record, 0, BYTES);
        journal.commit(durability);
        return position;
    }

    /** Rejected: a file that grows, whose every sync also has to store its new size. Not even a checksum is made. */
    @Benchmark
    public long rejectedGrowingFile() throws IOException {
        if (growing.position() >= FILE_BYTES) {
            growing.truncate(0);
        }
        growing.write(direct.clear());
        if (durability == Durability.DISK) {
            growing.force(false);
        }
        return growing.position();
    }
}
