package org.ztp.client.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients find of a service. */
@Timeout(60)
class PremisesTest {
    private static final int CONNECTIONS = 200;

    /** What the file of a connection is for at the moment when it can be seen. */
    private static String firstSeen(final Path path) throws Exception {
        while (true) {
            try {
                return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
            } catch (final NoSuchFileException notYet) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aConnectionIsTheGroupsAsSoonAsItIsSeen(@TempDir final Path cluster) throws Exception {
        final MeetingPlace place = MeetingPlace.of(cluster);
        final String group = Files.getAttribute(cluster, "posix:group").toString();
        final Set<String> seen = new HashSet<>();
        try (Premises premises = Premises.enter(place, new PortLimits(4, 1024, 4096, 4, group), 1).orElseThrow()) {
            for (int i = 1; i <= CONNECTIONS; i++) {
                final Path path = place.connection(i, i);
                final CompletableFuture<String> first = new CompletableFuture<>();
                final Thread client = new Thread(() -> {
                    try {
                        first.complete(firstSeen(path));
                    } catch (final Exception failed) {
                        first.completeExceptionally(failed);
                    }
                });
                client.start();
                premises.makeConnection(path).close();
                seen.add(first.get());
                client.join();
            }
        }
        assertEquals(Set.of("rw-rw----"), seen);
    }
}
