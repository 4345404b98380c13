package org.ztp.mpi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ztp.transport.PeerState;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportSetting;

/** What the mains of test ranks have in common: a loop, and the files by which they talk to their {@link MpiJob}. */
final class TestRank {
    /** More than ranks of a busy machine wait for a processor. */
    static final long SILENCE_NS = 3_000_000_000L;
    private static final long END_NS = 60_000_000_000L;
    /** For ranks that never die: whatever else the machine does, nobody is taken for dead. */
    static final long NEVER_SILENT_NS = 3_600_000_000_000L;

    private final Path directory;
    private final MpiLoop loop;
    private final AtomicReference<String> trouble = new AtomicReference<>();

    TestRank(final String directory, final MpiLoop.ByteReceiver receiver, final MpiLoop.Prelude prelude)
            throws IOException, TransportException {
        this(directory, receiver, prelude, SILENCE_NS);
    }

    TestRank(final String directory, final MpiLoop.ByteReceiver receiver, final MpiLoop.Prelude prelude,
             final long silenceNs) throws IOException, TransportException {
        this.directory = Path.of(directory);
        Tether.tie(() -> {
            ProcessHandle.current().parent().ifPresent(ProcessHandle::destroy); // mpirun, which ends the others and tidies up
            Runtime.getRuntime().halt(1);
        });
        RankEnvironment.check(System.getenv());
        loop = MpiLoop.start(new TransportSetting(16 << 20, 64 << 20, silenceNs, 60_000_000_000L,
            TransportSetting.Waiting.PARK, new TransportSetting.Watcher() {
                @Override
                public void changed(final int rank, final PeerState.Condition condition) {
                    // the ranks' states tell it
                }

                @Override
                public void failed(final Throwable cause) {
                    report("transport failed: " + cause);
                }
            }), receiver, prelude);
        write("pid." + loop.rank(), Long.toString(ProcessHandle.current().pid()));
    }

    MpiLoop loop() {
        return loop;
    }

    List<PeerState> peers() {
        return loop.peers();
    }

    /** Notes that something is wrong; the first one counts. */
    void report(final String what) {
        trouble.compareAndSet(null, what);
    }

    void state(final Map<String, Long> state) throws IOException {
        final StringBuilder text = new StringBuilder();
        state.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
        write("state." + loop.rank(), text.toString());
    }

    boolean isAskedToEnd() {
        return Files.exists(directory.resolve("end"));
    }

    /** Closes the transport, leaves the result behind, and ends the process. */
    void end(final String result) throws IOException {
        final boolean inOrder = loop.close(END_NS);
        final String wrong = trouble.get();
        write("done." + loop.rank(), wrong != null ? wrong : result + (inOrder ? " in order" : " by halt"));
        Runtime.getRuntime().halt(0);
    }

    private void write(final String name, final String text) throws IOException {
        final Path draft = directory.resolve("." + name);
        Files.writeString(draft, text);
        Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Resident memory of this process, KiB: {@code RssAnon} (its own) or {@code RssShmem} (shared with other ranks).
     */
    static long residentKiB(final String kind) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith(kind + ":"))
            .map(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
    }
}
