package org.ztp.client.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.ztp.client.ServiceReply;

/** The other end of a connection, in a process of its own that can die. */
final class OtherProcess {
    private OtherProcess() {
    }

    static Process start(final String role, final Path cluster) throws IOException {
        return new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
            OtherProcess.class.getName(), role, cluster.toString())).redirectErrorStream(true).start();
    }

    /** Runs as {@code service} until killed, or as a {@code client} that dies in the middle of a message. */
    public static void main(final String[] arguments) throws IOException {
        final Path cluster = Path.of(arguments[1]);
        if (arguments[0].equals("service")) {
            serve(cluster);
        } else {
            dieHalfWay(MeetingPlace.of(cluster));
        }
    }

    private static void serve(final Path cluster) throws IOException {
        final ClientPort port = ClientPort.open(cluster, new PortLimits(4, 64 << 10, 1 << 20, 8, ""), 5,
            System::nanoTime).orElseThrow();
        while (true) {
            port.poll((connection, correlation, request) -> port.reply(connection, correlation, new ServiceReply.Done()));
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void dieHalfWay(final MeetingPlace place) throws IOException {
        final Path path = place.connection(1, 2);
        try (SharedFile door = SharedFile.open(place.door())) {
            Admission.leaveName(door, 1, 2);
        }
        while (!Files.exists(path)) {
            LockSupport.parkNanos(1_000_000);
        }
        try (SharedFile file = SharedFile.open(path)) {
            while (file.readWord(Layout.CONNECTION_MAGIC) != Layout.MAGIC) {
                LockSupport.parkNanos(1_000_000);
            }
            new FrameWriter(file, RingPlace.requests(64 << 10)).write(new Outgoing(1, new byte[1 << 20]));
            Runtime.getRuntime().halt(9);
        }
    }
}
