package org.ztp.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.storage.journal.TestRecords.into;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.DiskFile;
import org.ztp.storage.disk.FileDisk;

/** The writer beside readers and the preallocator, on real files. */
final class JournalThreadsTest {
    @TempDir
    Path directory;

    private static JournalOptions options(final Durability durability) {
        return options(durability, 1 << 17);
    }

    private static JournalOptions options(final Durability durability, final int preallocateBytes) {
        return new JournalOptions(TestRecords.TAG, durability, 1 << 20, 1 << 20, 1 << 16, preallocateBytes, true);
    }

    @ParameterizedTest
    @EnumSource(value = Durability.class, names = {"MEMORY", "OS"})
    void readersSeeExactlyWhatIsCommitted(final Durability durability) throws Exception {
        final int records = 30_000;
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Journal journal =
                 Journal.open(new FileDisk(directory), options(durability), 0, into(new ArrayList<>()))) {
            final List<Future<Integer>> readers =
                List.of(threads.submit(follow(journal, records)), threads.submit(follow(journal, records)));
            final UnsafeBuffer payload = new UnsafeBuffer(new byte[400]);
            for (int i = 0; i < records; i++) {
                payload.setMemory(0, payload.capacity(), (byte) i);
                payload.putInt(0, i);
                journal.append(1 + i % 255, payload, 0, 4 + i % 396);
                if (i % 10 == 9) {
                    journal.commit(durability);
                }
            }
            for (final Future<Integer> reader : readers) {
                assertEquals(records, reader.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Integer> follow(final Journal journal, final int records) {
        return () -> {
            final JournalCursor cursor = journal.scan(Journal.START);
            int count = 0;
            while (count < records) {
                final JournalRecord record = cursor.next();
                if (record.isValid()) {
                    assertEquals(count, record.payload().getInt(0));
                    assertEquals(4 + count % 396, record.payload().capacity());
                    assertEquals(record.payload(), journal.read(record.position()).payload());
                    count++;
                } else {
                    assertEquals(JournalRecord.Verdict.ABSENT, record.verdict());
                    Thread.onSpinWait();
                }
            }
            return count;
        };
    }

    @Test
    @Timeout(60)
    void withMemoryAppendingAndReadingGoOnWhileTheDiskStalls() {
        final Stall stall = new Stall();
        final Disk disk = stall.of(new FileDisk(directory));
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[1 << 10]);
        final List<Long> positions = new ArrayList<>();
        try (Journal journal = Journal.open(disk, options(Durability.MEMORY, 0), 0, into(new ArrayList<>())); stall) {
            stall.begin();
            for (int i = 0; i < 480; i++) {
                payload.putInt(0, i);
                positions.add(journal.append(1, payload, 0, payload.capacity()));
                journal.commit(Durability.MEMORY);
            }
            assertHeld(positions, journal);
            stall.close();
            for (int i = 480; i < 900; i++) {
                payload.putInt(0, i);
                positions.add(journal.append(1, payload, 0, payload.capacity()));
                journal.commit(Durability.MEMORY);
            }
            assertHeld(positions, journal);
        }
        final List<TestRecords.Entry> replayed = new ArrayList<>();
        try (Journal journal = Journal.open(new FileDisk(directory), options(Durability.MEMORY), 0, into(replayed))) {
            assertEquals(900, replayed.size());
            assertHeld(positions, journal);
        }
    }

    @ParameterizedTest
    @EnumSource(value = Durability.class, names = {"OS", "DISK"})
    @Timeout(60)
    void aCommitEndsWhenTheDiskHasItAndMoreIsAppendedMeanwhile(final Durability durability) throws Exception {
        final Stall stall = new Stall();
        final CountDownLatch ended = new CountDownLatch(1);
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[1 << 10]);
        try (Journal journal = Journal.open(stall.of(new FileDisk(directory)), options(durability, 0), 0,
            into(new ArrayList<>())); stall) {
            stall.begin();
            for (int i = 0; i < 100; i++) {
                journal.append(1, payload, 0, payload.capacity());
            }
            final long begun = journal.tailPosition();
            assertFalse(journal.beginCommit(durability, ended::countDown));
            for (int i = 0; i < 200; i++) {
                journal.append(1, payload, 0, payload.capacity());
            }
            assertFalse(journal.commitEnded());
            assertThrows(IllegalStateException.class, () -> journal.beginCommit(durability, ended::countDown));
            assertEquals(JournalRecord.Verdict.ABSENT, journal.read(Journal.START).verdict());
            stall.close();
            ended.await();
            assertTrue(journal.commitEnded());
            assertEquals(begun, journal.committedPosition());
            final JournalCursor cursor = journal.scan(Journal.START);
            for (int i = 0; i < 100; i++) {
                assertTrue(cursor.next().isValid());
            }
            assertEquals(JournalRecord.Verdict.ABSENT, cursor.next().verdict());
        }
    }

    @Test
    void littleIsCommittedAtOnce() {
        try (Journal journal = Journal.open(new FileDisk(directory), options(Durability.DISK), 0, into(new ArrayList<>()))) {
            final long position = journal.append(1, new UnsafeBuffer(new byte[1_000]), 0, 1_000);
            assertTrue(journal.beginCommit(Durability.DISK, () -> {
                throw new IllegalStateException("nobody waits");
            }));
            assertTrue(journal.read(position).isValid());
        }
    }

    private static void assertHeld(final List<Long> positions, final Journal journal) {
        for (int i = 0; i < positions.size(); i++) {
            assertEquals(i, journal.read(positions.get(i)).payload().getInt(0));
        }
    }

    /** A disk that can be stalled. */
    private static final class Stall implements AutoCloseable {
        private static final int OPEN = 1_000_000;

        private final Semaphore gate = new Semaphore(OPEN);

        /** The disk, whose writes end only while it is not stalled. */
        Disk of(final Disk disk) {
            return through(Disk.class, disk, (name, result) ->
                name.equals("open") ? through(DiskFile.class, (DiskFile) result, (call, none) -> {
                    if (call.equals("write")) {
                        gate.acquireUninterruptibly();
                    }
                    return none;
                }) : result);
        }

        void begin() {
            gate.drainPermits();
        }

        @Override
        public void close() {
            gate.release(OPEN);
        }
    }

    /** The same object, but for what is done after each of its calls. */
    private static <T> T through(final Class<T> type, final T object, final BiFunction<String, Object, Object> after) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (proxy, method, arguments) -> after.apply(method.getName(), method.invoke(object, arguments))));
    }

    @Test
    void anInterruptedReaderHarmsNobodyElse() {
        try (Journal journal =
                 Journal.open(new FileDisk(directory), options(Durability.OS), 0, into(new ArrayList<>()))) {
            final long position = journal.append(1, new UnsafeBuffer(new byte[100]), 0, 100);
            journal.commit(Durability.OS);
            Thread.currentThread().interrupt();
            try {
                journal.read(position);
            } catch (final org.ztp.storage.StorageException e) {
                assertTrue(e.getMessage().contains("ClosedByInterrupt"), e.getMessage());
            }
            assertTrue(Thread.interrupted());
            assertTrue(journal.read(position).isValid());
            journal.append(1, new UnsafeBuffer(new byte[100]), 0, 100);
            journal.commit(Durability.OS);
        }
    }

    @ParameterizedTest
    @EnumSource(Durability.class)
    void appendAndCommitAllocateNothing(final Durability durability) {
        final JournalOptions options =
            new JournalOptions(TestRecords.TAG, durability, 1 << 28, 1 << 20, 1 << 16, 0, false);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[300]);
        try (Journal journal = Journal.open(new FileDisk(directory), options, 0, into(new ArrayList<>()))) {
            long allocated = 0;
            for (int round = 0; round < 3; round++) {
                final long before = threads.getThreadAllocatedBytes(self);
                for (int i = 0; i < 20_000; i++) {
                    journal.append(1, payload, 0, 100, payload, 100, 200);
                    if (i % 1000 == 0) {
                        journal.commit(durability);
                    }
                }
                allocated = threads.getThreadAllocatedBytes(self) - before;
            }
            assertEquals(0, allocated, 1000, "bytes in 20,000 appends");
        }
    }

    @Test
    void closingLeavesNoThread() {
        for (int i = 0; i < 3; i++) {
            final Journal journal = Journal.open(new FileDisk(directory), options(Durability.DISK), 0,
                into(new ArrayList<>()));
            journal.append(1, new UnsafeBuffer(new byte[100]), 0, 100);
            journal.commit(Durability.DISK);
            journal.close();
        }
        final List<Thread> left = Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("ztp-journal-preallocator")).toList();
        left.forEach(JournalThreadsTest::join);
    }

    private static void join(final Thread thread) {
        try {
            thread.join(10_000);
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertTrue(!thread.isAlive());
    }
}
