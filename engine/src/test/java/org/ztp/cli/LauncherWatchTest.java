package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rank ends when its launcher does, and when it has ended before the rank looks. */
@Timeout(60)
final class LauncherWatchTest {
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    @AfterEach
    void forget() {
        System.clearProperty(LauncherWatch.PROPERTY);
    }

    private void watch(final Process launcher) {
        watch(Long.toString(launcher.pid()));
    }

    private void watch(final String launcher) {
        System.setProperty(LauncherWatch.PROPERTY, launcher);
        LauncherWatch.start(said::add, ended::countDown);
    }

    @Test
    void whoseLauncherEndsEnds() throws Exception {
        final Process launcher = new ProcessBuilder("cat").start();
        watch(launcher);
        assertEquals(1, ended.getCount());
        launcher.destroy();
        assertTrue(ended.await(30, TimeUnit.SECONDS));
        assertEquals(List.of("the launcher is gone"), said);
    }

    @Test
    void whoseLauncherIsGoneAlreadyEndsAtOnce() throws Exception {
        final Process launcher = new ProcessBuilder("true").start();
        launcher.waitFor();
        watch(launcher);
        assertTrue(ended.await(30, TimeUnit.SECONDS));
    }

    @Test
    void inAJobWhoIsOnTheLaunchersNodeEndsWithItAndNobodyElse() throws Exception {
        final String own = "-D" + LauncherWatch.PROPERTY + "=" + ProcessHandle.current().pid();
        final String where = LauncherWatch.inJob().orElseThrow().substring(own.length());
        assertTrue(where.matches("@[0-9a-f-]{36}-[0-9]+"), where);
        assertEquals(own, LauncherWatch.onThisHost());
        final Process launcher = new ProcessBuilder("true").start();
        launcher.waitFor();
        watch(launcher.pid() + "@another-kernel");
        watch(launcher.pid() + where + "0");
        assertEquals(List.of(), said, "on other nodes that is no process or another");
        assertEquals(1, ended.getCount());
        watch(launcher.pid() + where);
        assertTrue(ended.await(30, TimeUnit.SECONDS));
    }

    @Test
    void whoHasNoneIsNotWatched() {
        LauncherWatch.start(said::add, ended::countDown);
        assertEquals(1, ended.getCount());
    }
}
