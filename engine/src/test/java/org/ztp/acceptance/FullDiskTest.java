package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FullDiskTest {
    private static final int DISK_MIB = 192;
    private static final int BALLAST_MIB = 130;
    private static final int LINES = 2_500;
    private static final int LINE_BYTES = 8_000;
    @TempDir
    private Path directory;
    private SmallDisk disk;
    private Path ballast;
    private Site site;

    @BeforeEach
    void make() throws Exception {
        final Path place = Files.createDirectory(directory.toRealPath().resolve("disk"));
        disk = SmallDisk.mount(place, DISK_MIB);
        site = new Site(directory, place.resolve("cluster"), disk.prefix()).init().keys("alice", "bob");
        ballast = Files.write(disk.view().resolve("ballast"), new byte[BALLAST_MIB << 20]);
    }

    @AfterEach
    void clean() throws Exception {
        if (site != null) {
            site.close();
        }
        if (disk != null) {
            disk.unmount();
        }
    }

    @Test
    void whatDoesNotFitIsNotPublishedAndLeavesNothing() throws Exception {
        final Command service = site.service();
        Files.writeString(site.file("policy"), "seekers = [\"bob.pub\"]\n");
        final Object[] publish = {"publish", site.randomFile("data", 72 << 20, 1), "--key", site.file("alice"),
            "--policy", site.file("policy")};
        site.run(publish).expect(4).complains("No space left on device");
        assertEquals(0, Site.filesBelow(disk.view().resolve("cluster/blobs")).size());
        Files.delete(ballast);
        final String dataset = site.run(publish).expect(0).lastLine();
        site.run("request", dataset, "--key", site.file("bob"), "--out", site.file("out")).expect(0);
        assertEquals(-1, Files.mismatch(site.file("data"), site.file("out")));
        service.terminate().expect(0);
        site.run("verify").expect(0);
    }

    @Test
    void aLedgerThatFillsTheDiskLosesNothingThatWasFinal() throws Exception {
        final Path lines = longLines();
        final Command service = site.service();
        final Ended full = site.run("record", lines, "--key", site.file("alice"), "--timeout", "5").expect(4);
        final int bundles = Integer.parseInt(full.err().replaceAll("(?s).*; (\\d+) bundles are final.*", "$1"));
        final String submission = full.err().replaceAll("(?s).*--submission ([0-9a-f]{32}).*", "$1");
        assertTrue(bundles > 0, full.err());
        service.terminate().expect(0);
        Files.delete(ballast);
        final Command next = site.service();
        final Ended again = site.run("record", lines, "--key", site.file("alice"), "--submission", submission, "--json")
            .expect(0);
        assertTrue(Integer.parseInt(again.out().replaceAll("(?s).*\"alreadyThere\":(\\d+).*", "$1")) >= bundles,
            again.out() + full.err());
        assertEquals(LINES, site.run("log", "--json").expect(0).lines("\"RECORD\"", "\"ACCEPTED\""));
        next.terminate().expect(0);
        site.run("verify").expect(0);
    }

    private Path longLines() throws IOException {
        final Random random = new Random(3);
        final byte[] bytes = new byte[LINE_BYTES / 2];
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < LINES; i++) {
            random.nextBytes(bytes);
            text.append(HexFormat.of().formatHex(bytes)).append('\n');
        }
        return Files.writeString(site.file("lines"), text);
    }
}
