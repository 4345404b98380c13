package org.ztp.client.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.ztp.client.ServiceGone;
import org.ztp.client.ServiceUnavailable;
import org.ztp.client.ShellWord;

/**
 * How a client gets in: it leaves a random name in a slot of the door, rings, and waits until the service has made a
 * file of that name. Two clients that hit the same slot at once both try again.
 */
final class Admission {
    private static final String START = "start it with: ztp start --dir ";
    private static final long WAIT_NS = 5_000_000_000L;
    private static final long TRY_NS = 100_000_000;
    private static final long LOOK_NS = 500_000;
    private static final int MAX_RING_BYTES = 64 << 20;

    private final Path clusterDirectory;
    private final long fullNs;
    private final SecureRandom random = new SecureRandom();

    /**
     * To the service of a cluster's directory.
     *
     * @param fullNs how long to wait while it has as many clients as it allows
     */
    Admission(final Path clusterDirectory, final long fullNs) {
        this.clusterDirectory = clusterDirectory;
        this.fullNs = fullNs;
    }

    RingConnection connect() throws ServiceUnavailable {
        try {
            final MeetingPlace place = MeetingPlace.of(clusterDirectory);
            if (!Files.exists(place.directory())) {
                throw nobody("");
            }
            place.requireTrusted();
            return enter(place);
        } catch (final NoSuchFileException missing) {
            throw nobody("");
        } catch (final AccessDeniedException denied) {
            throw new ServiceUnavailable("the service for " + clusterDirectory + " does not let this user in",
                "ask its owner to set clients.group in ztp.conf");
        } catch (final IOException unreadable) {
            throw nobody(": " + unreadable.getMessage());
        }
    }

    private RingConnection enter(final MeetingPlace place) throws IOException, ServiceUnavailable {
        final SharedFile service = SharedFile.open(place.service(), StandardOpenOption.READ);
        final ServiceWatch watch;
        try {
            watch = new ServiceWatch(service, System.nanoTime());
            if (service.readWord(Layout.SERVICE_MAGIC) != Layout.MAGIC || watch.ringBytes() < 1024
                || watch.ringBytes() > MAX_RING_BYTES || Long.bitCount(watch.ringBytes()) != 1) {
                throw new ServiceUnavailable("the service is of another version",
                    "use the same version of ztp as the service");
            }
        } catch (final IOException | ServiceUnavailable unusable) {
            service.close();
            throw unusable;
        }
        try {
            final SharedFile door = SharedFile.open(place.door(), StandardOpenOption.WRITE);
            try {
                return new RingConnection(knock(place, door, watch), door, watch, (int) watch.ringBytes());
            } catch (final IOException | ServiceUnavailable refused) {
                door.close();
                throw refused;
            }
        } catch (final IOException | ServiceUnavailable refused) {
            watch.close();
            throw refused;
        }
    }

    private SharedFile knock(final MeetingPlace place, final SharedFile door, final ServiceWatch watch)
            throws IOException, ServiceUnavailable {
        final long startNs = System.nanoTime();
        final long high = random.nextLong();
        final long low = random.nextLong();
        final Path path = place.connection(high, low);
        long knockedAtNs = startNs - TRY_NS;
        while (System.nanoTime() - startNs < (watch.isFull() ? fullNs : WAIT_NS)) {
            if (System.nanoTime() - knockedAtNs >= TRY_NS) {
                knockedAtNs = System.nanoTime();
                leaveName(door, high, low);
            }
            LockSupport.parkNanos(LOOK_NS);
            if (Files.exists(path)) {
                final SharedFile file = SharedFile.open(path);
                if (file.readWord(Layout.CONNECTION_MAGIC) == Layout.MAGIC) {
                    return file;
                }
                file.close();
            }
            checkAlive(watch);
        }
        throw watch.isFull()
            ? new ServiceUnavailable("the service has as many clients as it allows", "try again later, or raise limits.clients")
            : nobody(" that answers");
    }

    private void checkAlive(final ServiceWatch watch) throws IOException, ServiceUnavailable {
        try {
            watch.check(System.nanoTime());
        } catch (final ServiceGone gone) {
            throw nobody("");
        }
    }

    static void leaveName(final SharedFile door, final long high, final long low) throws IOException {
        final ThreadLocalRandom any = ThreadLocalRandom.current();
        final long pid = ProcessHandle.current().pid();
        final ByteBuffer slot = ByteBuffer.allocate(Layout.SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        slot.putLong(0, high).putLong(8, low).putLong(16, pid).putLong(24, Layout.slotCheck(high, low, pid));
        door.write(Layout.DOOR_SLOTS + (long) any.nextInt(Layout.SLOTS) * Layout.SLOT_BYTES, slot);
        door.write(Layout.DOOR_BELL, ByteBuffer.allocate(Long.BYTES).putLong(0, any.nextLong()));
    }

    private ServiceUnavailable nobody(final String detail) {
        return new ServiceUnavailable("no service runs for " + clusterDirectory + " on this node" + detail,
            START + ShellWord.of(clusterDirectory));
    }
}
