package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory of a given size, in a mount namespace of its own: only processes that are started with
 * {@link #prefix()} see it, and it is gone with this one. It needs root, or user namespaces.
 */
final class SmallDisk {
    private final Process holder;
    private final Path place;
    private final boolean root;

    private SmallDisk(final Process holder, final Path place, final boolean root) {
        this.holder = holder;
        this.place = place;
        this.root = root;
    }

    /** Mounts it on an empty directory; fails the test if root cannot, skips it if nobody else can on this machine. */
    static SmallDisk mount(final Path place, final int mebibytes) throws IOException {
        final boolean root = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        final Process holder = new ProcessBuilder("unshare", root ? "-m" : "-Urm", "sh", "-c",
            "mount -t tmpfs -o size=" + mebibytes + "m tmpfs \"$1\" && echo mounted && exec cat >/dev/null", "sh",
            place.toString()).redirectErrorStream(true).start();
        final BufferedReader said = holder.inputReader(StandardCharsets.UTF_8);
        final String line = String.valueOf(said.readLine());
        final String reason = "a tmpfs cannot be mounted: " + line;
        assertTrue(!root || line.equals("mounted"), reason);
        assumeTrue(line.equals("mounted"), reason + " (this user has no user namespaces here)");
        return new SmallDisk(holder, place, root);
    }

    /** Words before a command that is to see it. */
    List<String> prefix() {
        final String pid = Long.toString(holder.pid());
        return root ? List.of("nsenter", "-t", pid, "-m") : List.of("nsenter", "-t", pid, "-U", "-m",
            "--preserve-credentials");
    }

    /** What is on it, as this process reaches it. */
    Path view() {
        return Path.of("/proc/" + holder.pid() + "/root" + place);
    }

    void unmount() throws InterruptedException {
        holder.destroyForcibly().waitFor();
    }
}
