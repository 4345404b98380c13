package org.ztp.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncarnationFilesTest {
    @TempDir
    Path replica;

    @Test
    void theFirstIncarnationNeedsNoFile() {
        final IncarnationFiles files = new IncarnationFiles(replica);
        assertEquals(0, files.current());
        assertEquals(replica, files.data());
        assertFalse(files.overMark(0).exists());
    }

    @Test
    void whoTakesAnIncarnationSupersedesAllLowerOnes() throws IOException {
        final IncarnationFiles files = new IncarnationFiles(replica);
        assertTrue(files.take(1, 0, false));
        assertEquals(replica, files.data());
        assertTrue(files.take(3, 1, true));
        assertEquals(3, files.current());
        assertEquals(replica.resolve("incarnations/3.data"), files.data());
        assertTrue(files.take(4, 3, false));
        assertEquals(replica.resolve("incarnations/3.data"), files.data(), "the data goes with the role");
        for (final int past : new int[] {0, 1, 3}) {
            assertTrue(files.overMark(past).exists());
        }
        assertFalse(files.overMark(4).exists());
    }

    @Test
    void whoComesLateToANumberThatWasPassedOverIsNotIt() throws IOException {
        final IncarnationFiles files = new IncarnationFiles(replica);
        assertTrue(files.take(3, 0, false), "1 and 2 were given away, and nobody came");
        assertEquals(replica, files.data());
        assertFalse(files.take(2, 0, true));
        for (final int past : new int[] {0, 1, 2}) {
            assertTrue(files.overMark(past).exists());
        }
        assertEquals(3, files.current());
    }

    @Test
    void whoDoesNotSeeTheLastIncarnationDoesNotGoOnWithTheDataOfAnEarlierOne() throws IOException {
        final IncarnationFiles files = new IncarnationFiles(replica);
        assertTrue(files.take(1, 0, true));
        assertFalse(files.take(2, 0, false), "of 1 it does not know, whose data is the last");
        assertEquals(replica.resolve("incarnations/1.data"), files.data());
        assertFalse(files.overMark(1).exists());
        assertThrows(IOException.class, () -> files.take(1, 1, true));
        assertThrows(IOException.class, () -> files.take(Integer.MAX_VALUE, 1, true));
    }

    @Test
    void oneProcessAloneIsAnIncarnation() throws Exception {
        final ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int number = 1; number <= 20; number++) {
                final int next = number;
                final List<Callable<Boolean>> takers = IntStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(i -> () -> new IncarnationFiles(replica).take(next, next - 1, i % 2 == 0)).toList();
                int taken = 0;
                for (final Future<Boolean> one : threads.invokeAll(takers)) {
                    taken += one.get() ? 1 : 0;
                }
                assertEquals(1, taken);
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(20, new IncarnationFiles(replica).current());
    }

    @Test
    void aProcessThatEndedIsNotedUntilAnotherGoesOn() throws IOException {
        final IncarnationFiles files = new IncarnationFiles(replica);
        assertFalse(files.isEnded(0));
        files.noteEnded(0);
        files.noteEnded(0);
        assertTrue(files.isEnded(0));
        files.goOn(0);
        assertFalse(files.isEnded(0));
    }

    @Test
    void otherFilesAreNoIncarnations() throws IOException {
        final IncarnationFiles files = new IncarnationFiles(replica);
        assertTrue(files.take(2, 0, true));
        Files.createDirectory(files.freshData(2));
        Files.createFile(replica.resolve("incarnations/draft7"));
        files.noteEnded(9);
        assertEquals(2, files.current());
    }
}
