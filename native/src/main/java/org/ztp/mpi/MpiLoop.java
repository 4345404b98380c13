package org.ztp.mpi;

import java.nio.LongBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import org.ztp.transport.PeerState;
import org.ztp.transport.PeerState.Condition;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportSetting;

/**
 * The thread that owns MPI: it initializes it, makes every call, and finalizes it. After the start there are no
 * collectives and no wildcards, only sends and receives that do not block, so no peer can hold it up.
 */
final class MpiLoop {
    private static final long FINALIZE_NS = 5_000_000_000L;
    private static final int SPINS = 64;
    private static final int YIELDS = 192;
    /** Turns without a rest, where a processor is shared: looking takes the time of those who are waited for. */
    private static final int SHARED_YIELDS = 4;
    /** Rests by how long the loop has been idle: 50 µs for some ms, 200 µs for some more, then 1 ms. */
    private static final int SHORT_RESTS = 40;
    private static final int MIDDLE_RESTS = 90;

    private final TransportSetting setting;
    private final ByteReceiver receiver;
    private final Thread thread;
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<PeerPort> ports = new ArrayList<>();
    private final List<Condition> told = new ArrayList<>();
    private final int spins;
    private final int awake;
    private volatile Link[] links;
    private volatile Throwable failure;
    private volatile boolean resting;
    private volatile boolean signalled;
    private volatile boolean closing;
    private volatile boolean inOrder;
    private volatile long closeByNs;
    private int rank;
    private int size;
    private long run;

    /** Takes what comes. */
    interface ByteReceiver {
        /** One parcel; the array is only lent. False if it is none, or there is no room. */
        boolean onBytes(int from, byte[] bytes, int offset, int length);

        /** One parcel at the start of an array of its own, which may be kept. */
        default Taken onArray(final int from, final byte[] bytes, final int length) {
            return onBytes(from, bytes, 0, length) ? Taken.READ : Taken.REFUSED;
        }
    }

    /** What became of a parcel. */
    enum Taken {
        /** It was none, or there was no room. */
        REFUSED,
        /** It was taken, and its array is of no use any more. */
        READ,
        /** It was taken, and its array with it. */
        KEPT
    }

    /** What is done on the MPI thread before the links start. */
    interface Prelude {
        /** Anything that leaves no request behind. */
        void run(Comm comm) throws MPIException;
    }

    private MpiLoop(final TransportSetting setting, final ByteReceiver receiver, final Prelude prelude) {
        this.setting = setting;
        this.receiver = receiver;
        final boolean shared = Runtime.getRuntime().availableProcessors() < 2;
        spins = shared ? 0 : SPINS;
        awake = shared ? SHARED_YIELDS : SPINS + YIELDS;
        thread = new Thread(() -> run(prelude), "ztp-mpi");
        thread.setDaemon(true);
    }

    /** Starts MPI and waits for all ranks. */
    static MpiLoop start(final TransportSetting setting, final ByteReceiver receiver, final Prelude prelude)
            throws TransportException {
        final MpiLoop loop = new MpiLoop(setting, receiver, prelude);
        loop.thread.start();
        if (!await(loop.started, setting.startNs())) {
            throw new TransportException("MPI did not start within " + setting.startNs() / 1_000_000 + " ms",
                "a rank may have died before it was ready: see its output; this process must end by halt");
        }
        if (loop.failure != null) {
            throw new TransportException("MPI did not start: " + loop.failure, "see `ztp doctor`");
        }
        return loop;
    }

    private static boolean await(final CountDownLatch latch, final long waitNs) {
        boolean interrupted = false;
        final long limit = System.nanoTime() + waitNs;
        try {
            while (true) {
                try {
                    return latch.await(limit - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (final InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    /** A number that rank 0 drew for this run. */
    long run() {
        return run;
    }

    /**
     * Takes a parcel for a peer; any thread. The array is this loop's from now on, and may be given for several peers.
     */
    boolean offer(final int to, final byte[] parcel) {
        if (to < 0 || to >= size || to == rank) {
            throw new IllegalArgumentException("peer: expected=0 .. " + (size - 1) + " but " + rank + " actual=" + to);
        }
        if (parcel.length == 0 || parcel.length > setting.parcelBytes()) {
            throw new IllegalArgumentException("parcel: most=" + setting.parcelBytes() + " actual=" + parcel.length);
        }
        final boolean taken = !closing && links[to].offer(parcel);
        signalled = true;
        if (resting) {
            LockSupport.unpark(thread);
        }
        return taken;
    }

    List<PeerState> peers() {
        final List<PeerState> states = new ArrayList<>();
        for (final Link link : links) {
            if (link != null) {
                states.add(link.state());
            }
        }
        return states;
    }

    /** The id of the thread, for measurements. */
    long threadId() {
        return thread.getId();
    }

    /** As {@link org.ztp.transport.RankTransport#close}. */
    boolean close(final long waitNs) {
        closeByNs = System.nanoTime() + waitNs;
        closing = true;
        LockSupport.unpark(thread);
        return await(ended, waitNs + FINALIZE_NS) && inOrder;
    }

    private void run(final Prelude prelude) {
        try {
            init();
            prelude.run(MPI.COMM_WORLD);
            open();
            started.countDown();
            loop();
            if (sayGoodbye()) {
                MPI.Finalize();
                inOrder = true;
            }
        } catch (final Throwable cause) { // whatever it is, this process can no longer be a rank
            failure = cause;
            if (started.getCount() == 0) {
                setting.watcher().failed(cause);
            }
        } finally {
            started.countDown();
            ended.countDown();
        }
    }

    private void init() throws MPIException {
        MPI.InitThread(new String[0], MPI.THREAD_FUNNELED);
        MPI.COMM_WORLD.setErrhandler(MPI.ERRORS_RETURN);
        rank = MPI.COMM_WORLD.getRank();
        size = MPI.COMM_WORLD.getSize();
        final LongBuffer drawn = MPI.newLongBuffer(1).put(0, new SecureRandom().nextLong() & Long.MAX_VALUE);
        MPI.COMM_WORLD.bcast(drawn, 1, MPI.LONG, 0);
        run = drawn.get(0);
    }

    private void open() throws MPIException {
        final int window = LinkSetting.window(size - 1);
        final LinkSetting link = new LinkSetting(System.currentTimeMillis() << 16 | rank & 0xffff, window,
            setting.parcelBytes(), setting.peerBytes(), setting.silenceNs());
        final Link[] all = new Link[size];
        for (int peer = 0; peer < size; peer++) {
            if (peer != rank) {
                all[peer] = link(peer, link, all);
                ports.add(new PeerPort(MPI.COMM_WORLD, all[peer], window));
                told.add(Condition.REACHABLE);
            }
        }
        links = all;
    }

    private Link link(final int peer, final LinkSetting link, final Link[] all) {
        return new Link(peer, link, new Inbound.Sink() {
            @Override
            public void parcel(final byte[] bytes, final int offset, final int length) {
                all[peer].count(receiver.onBytes(peer, bytes, offset, length));
            }

            @Override
            public boolean gathered(final byte[] bytes, final int length) {
                final Taken taken = receiver.onArray(peer, bytes, length);
                all[peer].count(taken != Taken.REFUSED);
                return taken == Taken.KEPT;
            }
        });
    }

    private void loop() {
        long lastNs = System.nanoTime();
        int idle = 0;
        while (!closing || !isDrained() && System.nanoTime() - closeByNs < 0) {
            final long nowNs = System.nanoTime();
            signalled = false;
            if (turn(nowNs, nowNs - lastNs) > 0) {
                idle = 0;
            } else {
                rest(idle++);
            }
            lastNs = nowNs;
        }
    }

    private int turn(final long nowNs, final long sleptNs) {
        int done = 0;
        for (int i = 0; i < ports.size(); i++) {
            final PeerPort port = ports.get(i);
            done += port.turn(nowNs);
            port.link().tick(nowNs, sleptNs);
            if (port.link().condition() != told.get(i)) {
                told.set(i, port.link().condition());
                setting.watcher().changed(port.link().peer(), told.get(i));
            }
        }
        return done;
    }

    private boolean isDrained() {
        for (int i = 0; i < ports.size(); i++) {
            if (!ports.get(i).link().isDrained()) {
                return false;
            }
        }
        return true;
    }

    private void rest(final int idle) {
        if (setting.waiting() == TransportSetting.Waiting.SPIN
            || idle < spins && setting.waiting() == TransportSetting.Waiting.PARK) {
            Thread.onSpinWait();
        } else if (setting.waiting() == TransportSetting.Waiting.YIELD || idle < awake) {
            Thread.yield();
        } else {
            park(idle - awake);
        }
    }

    private void park(final int rests) {
        resting = true;
        if (!signalled && !closing) {
            LockSupport.parkNanos(rests < SHORT_RESTS ? 50_000 : rests < MIDDLE_RESTS ? 200_000 : 1_000_000);
        }
        resting = false;
    }

    /** Says goodbye to all that can be reached; true if all have said it too and nothing is under way any more. */
    private boolean sayGoodbye() {
        boolean whole = true;
        for (final PeerPort port : ports) {
            final Condition condition = port.link().condition();
            if (condition == Condition.REACHABLE || condition == Condition.LEFT) {
                port.sayGoodbye();
            } else {
                whole = false;
            }
        }
        long lastNs = System.nanoTime();
        while (System.nanoTime() - closeByNs < 0) {
            final long nowNs = System.nanoTime();
            turn(nowNs, nowNs - lastNs);
            lastNs = nowNs;
            if (whole ? ports.stream().allMatch(PeerPort::isOver) : ports.stream().allMatch(PeerPort::hasSaidGoodbye)) {
                return whole;
            }
            Thread.yield();
        }
        return false;
    }
}
