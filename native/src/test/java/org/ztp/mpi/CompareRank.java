package org.ztp.mpi;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Prequest;

/**
 * The transport against MPI as Java can use it at best (persistent requests, direct buffers), between two ranks of one
 * run. Arguments: directory, milliseconds for each figure. Rank 0 prints {@code what raw transport ratio}.
 */
final class CompareRank {
    private static final int WINDOW = LinkSetting.MAX_WINDOW;
    private static final int[] WINDOWS = {4, 16, WINDOW};
    private static final int SMALL = 256;
    private static final int LARGE = 1 << 20;
    /** When the queue is full the producer rests, as it would have other things to do. */
    private static final long FULL_NS = 50_000;
    private static final byte ASK = 1;
    private static final byte ANSWERED = 2;
    private static final byte[] QUESTION = startingWith(ASK);
    private static final byte[] ANSWER = startingWith(ANSWERED);

    private final Map<String, Double> raw = new LinkedHashMap<>();
    private final AtomicLong taken = new AtomicLong();
    private final long[] trips = new long[1_000_000];
    private final long phaseNs;
    private int tripCount;
    private long tripBeganNs;
    private volatile long tripEndNs;
    private volatile TestRank rank;

    private CompareRank(final long phaseNs) {
        this.phaseNs = phaseNs;
    }

    public static void main(final String[] arguments) throws Exception {
        final CompareRank compare = new CompareRank(Long.parseLong(arguments[1]) * 1_000_000);
        compare.rank = new TestRank(arguments[0], compare::onBytes, compare::measureRaw,
            TestRank.NEVER_SILENT_NS);
        final boolean first = compare.rank.loop().rank() == 0;
        final Path measured = Path.of(arguments[0], "measured");
        if (first) {
            compare.measure();
            Files.createFile(measured);
        } else {
            while (!Files.exists(measured)) {
                LockSupport.parkNanos(5_000_000);
            }
        }
        compare.rank.end("compared");
    }

    /** Answers a parcel that begins with 1, counts an answer and asks again while a round trip is measured. */
    private boolean onBytes(final int from, final byte[] bytes, final int offset, final int length) {
        while (rank == null) {
            Thread.onSpinWait(); // the first parcel may come before this rank's own constructor is through
        }
        taken.incrementAndGet();
        if (bytes[offset] == ASK) {
            rank.loop().offer(from, ANSWER);
        } else if (bytes[offset] == ANSWERED && tripEndNs != 0) {
            onAnswer(from);
        }
        return true;
    }

    /** On the MPI thread: nobody else has to wake up for the next trip. */
    private void onAnswer(final int from) {
        final long nowNs = System.nanoTime();
        trips[tripCount++] = nowNs - tripBeganNs;
        if (nowNs >= tripEndNs || tripCount == trips.length) {
            tripEndNs = 0;
        } else {
            tripBeganNs = System.nanoTime();
            rank.loop().offer(from, QUESTION);
        }
    }

    private double trip() {
        tripBeganNs = System.nanoTime();
        tripEndNs = tripBeganNs + phaseNs;
        rank.loop().offer(1, QUESTION);
        while (tripEndNs != 0) {
            LockSupport.parkNanos(FULL_NS);
        }
        return median(trips, tripCount) / 1e3;
    }

    private void measure() throws IOException {
        final double trip = Math.min(trip(), trip()); // the second time all of it is compiled
        print("roundTripMicros256B", raw.get("trip"), trip, raw.get("trip") / trip);
        final double rate = rate(SMALL);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getThreadAllocatedBytes(rank.loop().threadId());
        final long parcels = rank.peers().get(0).sent();
        print("messagesPerSecond256B", raw.get("rate"), Math.max(rate, rate(SMALL)));
        final double allocated = (threads.getThreadAllocatedBytes(rank.loop().threadId()) - before)
            / (double) (rank.peers().get(0).sent() - parcels);
        final double band = Math.max(rate(LARGE), rate(LARGE)) * LARGE / 1e6;
        print("megabytesPerSecond1MiB", raw.get("band"), band);
        print("megabytesPerSecond1MiBNotTouched", raw.get("untouched"), band);
        System.out.printf("allocatedBytesPerParcel %.3f%n", allocated);
        rank.state(Map.of("allocatedMilliBytesPerParcel", Math.round(allocated * 1_000), "tripPerMille",
            Math.round(1e3 * raw.get("trip") / trip), "bandPerMille", Math.round(1e3 * band / raw.get("band"))));
    }

    private double rate(final int bytes) {
        final byte[] parcel = new byte[bytes];
        final long startNs = System.nanoTime();
        long sent = 0;
        while (System.nanoTime() - startNs < phaseNs) {
            if (rank.loop().offer(1, parcel)) {
                sent++;
            } else {
                LockSupport.parkNanos(FULL_NS);
            }
        }
        final long before = taken.get();
        while (!rank.loop().offer(1, QUESTION)) {
            Thread.yield();
        }
        while (taken.get() == before) {
            Thread.yield();
        }
        return sent * 1e9 / (System.nanoTime() - startNs);
    }

    private static byte[] startingWith(final byte first) {
        final byte[] parcel = new byte[SMALL];
        parcel[0] = first;
        return parcel;
    }

    private static void print(final String what, final double raw, final double transport) {
        print(what, raw, transport, transport / raw);
    }

    /** A ratio of 1 is as good as MPI itself, a lower one worse. */
    private static void print(final String what, final double raw, final double transport, final double ratio) {
        System.out.printf("%s raw=%.1f transport=%.1f ratio=%.2f%n", what, raw, transport, ratio);
    }

    private static double median(final long[] values, final int count) {
        Arrays.sort(values, 0, count);
        return values[count / 2];
    }

    private void measureRaw(final Comm comm) throws MPIException {
        if (comm.getRank() < 2) {
            raw.put("trip", Math.min(rawTrip(comm), rawTrip(comm)));
            raw.put("rate", rawRate(comm, SMALL, true, WINDOW));
            raw.put("band", rawBand(comm, true));
            raw.put("untouched", rawBand(comm, false));
        }
    }

    /**
     * Megabytes a second with the number of messages under way that MPI does best with: more of them, or fewer caches
     * full.
     */
    private double rawBand(final Comm comm, final boolean heap) throws MPIException {
        double best = 0;
        for (final int window : WINDOWS) {
            best = Math.max(best, rawRate(comm, Frame.MAX_BYTES, heap, window) * Frame.MAX_BYTES / 1e6);
        }
        return best;
    }

    private double rawTrip(final Comm comm) throws MPIException {
        final ByteBuffer in = MPI.newByteBuffer(SMALL);
        final ByteBuffer out = MPI.newByteBuffer(SMALL);
        final int peer = 1 - comm.getRank();
        final Prequest send = comm.sendInit(out, SMALL, MPI.BYTE, peer, 1);
        final Prequest receive = comm.recvInit(in, SMALL, MPI.BYTE, peer, 1);
        final long[] trips = new long[1_000_000];
        int count = 0;
        final long endNs = System.nanoTime() + phaseNs;
        boolean goesOn = true;
        receive.start();
        while (goesOn) {
            if (comm.getRank() == 0) {
                final long startNs = System.nanoTime();
                goesOn = startNs < endNs && count < trips.length - 1;
                out.put(0, (byte) (goesOn ? 1 : 0));
                send.start();
                finish(send);
                finish(receive);
                trips[count++] = System.nanoTime() - startNs;
            } else {
                finish(receive);
                goesOn = in.get(0) == 1;
                send.start();
                finish(send);
            }
            if (goesOn) {
                receive.start();
            }
        }
        return median(trips, count) / 1e3;
    }

    /**
     * One way, with so many messages under way, and a message back for each half of them.
     *
     * @param heap whether the bytes come from an array of 1 MiB and go to one, piece by piece, as those of the
     *             transport's parcels do, which a program has written and reads
     */
    private double rawRate(final Comm comm, final int bytes, final boolean heap, final int window) throws MPIException {
        final int peer = 1 - comm.getRank();
        final ByteBuffer[] buffers = new ByteBuffer[window];
        final Prequest[] requests = new Prequest[window];
        for (int i = 0; i < window; i++) {
            buffers[i] = MPI.newByteBuffer(bytes);
            requests[i] = comm.getRank() == 0 ? comm.sendInit(buffers[i], bytes, MPI.BYTE, peer, 2)
                : comm.recvInit(buffers[i], bytes, MPI.BYTE, peer, 2);
        }
        final ByteBuffer word = MPI.newByteBuffer(8);
        final Prequest back = comm.getRank() == 0 ? comm.recvInit(word, 8, MPI.BYTE, peer, 3)
            : comm.sendInit(word, 8, MPI.BYTE, peer, 3);
        final byte[] array = new byte[heap ? LARGE : 0];
        return comm.getRank() == 0 ? rawSend(buffers, requests, back, array) : rawReceive(buffers, requests, back, array);
    }

    private double rawSend(final ByteBuffer[] buffers, final Prequest[] requests, final Prequest back,
                           final byte[] array) throws MPIException {
        final long startNs = System.nanoTime();
        long messages = 0;
        boolean goesOn = true;
        while (goesOn) {
            goesOn = System.nanoTime() - startNs < phaseNs;
            back.start();
            for (int i = 0; i < buffers.length; i++) {
                if (messages >= buffers.length) {
                    finish(requests[i]);
                }
                if (array.length > 0) {
                    final int piece = buffers[i].capacity();
                    buffers[i].put(0, array, (int) (messages * piece % array.length), piece);
                }
                buffers[i].put(0, (byte) (goesOn ? 1 : 0));
                requests[i].start();
                messages++;
            }
            finish(back);
        }
        for (final Prequest request : requests) {
            finish(request);
        }
        return messages * 1e9 / (System.nanoTime() - startNs);
    }

    private static double rawReceive(final ByteBuffer[] buffers, final Prequest[] requests, final Prequest back,
                                     final byte[] array) throws MPIException {
        for (final Prequest request : requests) {
            request.start();
        }
        boolean goesOn = true;
        boolean backStarted = false;
        long messages = 0;
        while (goesOn) {
            for (int i = 0; i < buffers.length; i++) {
                finish(requests[i]);
                if (array.length > 0) {
                    final int piece = buffers[i].capacity();
                    buffers[i].get(0, array, (int) (messages * piece % array.length), piece);
                }
                messages++;
                goesOn = buffers[i].get(0) == 1;
                if (goesOn) {
                    requests[i].start();
                }
                if (i == buffers.length / 2) {
                    if (backStarted) {
                        finish(back);
                    }
                    back.start();
                    backStarted = true;
                }
            }
        }
        finish(back);
        return 0;
    }

    private static void finish(final Prequest request) throws MPIException {
        while (!request.test()) {
            Thread.onSpinWait();
        }
    }
}
