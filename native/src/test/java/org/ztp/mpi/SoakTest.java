package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random kills in a row, two at once too, and load with a rank dead; {@code native/soak.sh} does both for long. */
class SoakTest {
    private static final int KILLS = Integer.getInteger("ztp.soak.kills", 3);
    private static final int SPARES = Integer.getInteger("ztp.soak.spares", 3);
    private static final int SECONDS = Integer.getInteger("ztp.soak.seconds", 4);
    private static final long SEED = Long.getLong("ztp.soak.seed", 1);
    private static final int LINES = Integer.getInteger("ztp.soak.lines", 2_000);
    private static final long GROWTH_KIB = 64 << 10;
    /**
     * The bounded memories of a rank (signatures, batches found good or final) while they fill, and what is under way.
     */
    private static final long HEAP_KIB = 16 << 10;
    /** More than a submission stays in the state for ever, so that it is taken in once: 330 bytes. */
    private static final long SUBMISSION_BYTES = 400;

    @TempDir
    Path directory;

    @Test
    void ranksThatAreKilledAtRandomAreReplacedAndNobodyElseIsLost() throws Exception {
        final Random random = new Random(SEED);
        int kills = 0;
        int lines = 0;
        try (LaunchedService service = new LaunchedService(directory, 7)) {
            while (kills < KILLS) {
                service.launch(SPARES);
                final Recording load = Recording.start(service, LINES);
                int left = Math.min(SPARES, KILLS - kills);
                final Kills killer = new Kills(service);
                while (left > 0) {
                    final int atOnce = Math.min(left, left == SPARES ? 2 : 1 + random.nextInt(2));
                    final List<Integer> replicas = new ArrayList<>(IntStream.range(0, 7).boxed().toList());
                    Collections.shuffle(replicas, random);
                    killer.kill(replicas.subList(0, atOnce));
                    left -= atOnce;
                    kills += atOnce;
                }
                lines += load.end();
                assertEquals(7, service.running().size(), service::said);
                assertEquals(0, service.stop());
                System.out.printf("seed %d: %d kills, %d lines%n", SEED, kills, lines);
            }
            service.assertWhole(lines);
            System.out.printf("seed %d: all %d kills were survived, each of %d lines is in the ledger once%n", SEED, kills, lines);
        }
    }

    @Test
    void memoryStaysFlatWithARankDead() throws Exception {
        try (LaunchedService service = new LaunchedService(directory, 4).launchWithFixedHeap(0)) {
            final int dead = (service.awaitStatus().getInt("servedByReplica") + 1) % 4;
            service.process(dead).destroyForcibly();
            final Recording load = Recording.start(service, LINES);
            final long beganNs = System.nanoTime();
            awaitSince(beganNs, SECONDS / 2);
            final long halfKiB = residentKiB(service);
            final long halfHeapKiB = heapKiB(service);
            final int halfLines = load.lines();
            awaitSince(beganNs, SECONDS);
            final long endKiB = residentKiB(service);
            final long endHeapKiB = heapKiB(service);
            final Config seen = LaunchedService.replica(service.awaitStatus(), dead).orElseThrow();
            final int lines = load.end();
            final long submissions = (lines - halfLines) / LINES;
            System.out.printf("%d s, %d lines: memory of three ranks %d KiB, then %d KiB; of it live on their heaps %d KiB, then"
                + " %d KiB; %d bytes wait for the dead one%n", SECONDS, lines, halfKiB, endKiB, halfHeapKiB, endHeapKiB,
                seen.getLong("waitingBytes"));
            assertEquals(0, seen.getLong("waitingBytes"));
            assertEquals("silent", seen.getString("state"));
            assertTrue(endKiB - halfKiB < 3 * GROWTH_KIB, halfKiB + " KiB, then " + endKiB);
            assertTrue(endHeapKiB - halfHeapKiB < 3 * (HEAP_KIB + (submissions * SUBMISSION_BYTES >> 10)),
                halfHeapKiB + " KiB, then " + endHeapKiB + " after " + submissions + " more submissions");
            assertEquals(0, service.stop());
        }
    }

    private static void awaitSince(final long beganNs, final int seconds) {
        Awaitility.await().atMost(seconds + 60, TimeUnit.SECONDS)
            .until(() -> System.nanoTime() - beganNs >= TimeUnit.SECONDS.toNanos(seconds));
    }

    private static long residentKiB(final LaunchedService service) throws IOException {
        long sum = 0;
        for (final long pid : service.running()) {
            sum += Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line ->
                line.startsWith("RssAnon:")).mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).sum();
        }
        return sum;
    }

    /** What is reachable on the heaps of all ranks after a full collection. */
    private static long heapKiB(final LaunchedService service) throws IOException {
        long sum = 0;
        for (final long pid : service.running()) {
            final Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid), "GC.class_histogram").start();
            final String total = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
            sum += Long.parseLong(total.strip().split("\\s+")[2]) >> 10;
        }
        return sum;
    }
}
