package org.ztp.mpi;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import org.ztp.accumulate.Accumulation;
import org.ztp.accumulate.AccumulationAction;
import org.ztp.accumulate.AccumulationPlan;
import org.ztp.accumulate.AccumulationTree;
import org.ztp.accumulate.Partial;
import org.ztp.accumulate.XorVector;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The accumulation of vectors over the transport, as the service does it (the root sends a plan, partials come up the
 * tree), against {@code iAllReduce(BXOR)}, which needs every rank of the communicator alive. Arguments: directory,
 * rounds of each size. Rank 0 prints {@code what raw transport ratio} and looks at the results.
 */
final class AccumulateRank {
    private static final int[] SIZES = {4 << 10, 64 << 10, 1 << 20};
    private static final int PLAN = 1;
    private static final int PARTIAL = 2;
    private static final long LIMIT_NS = 60_000_000_000L;

    private final int rounds;
    private final Map<Integer, Double> raw = new LinkedHashMap<>();
    private final BlockingQueue<byte[]> results = new ArrayBlockingQueue<>(1);
    private volatile TestRank rank;
    private Accumulation<byte[]> current;
    private XorVector vectors;

    private AccumulateRank(final int rounds) {
        this.rounds = rounds;
    }

    public static void main(final String[] arguments) throws Exception {
        final AccumulateRank own = new AccumulateRank(Integer.parseInt(arguments[1]));
        final Path measured = Path.of(arguments[0], "measured");
        own.rank = new TestRank(arguments[0], own::onBytes, own::measureRaw, TestRank.NEVER_SILENT_NS);
        if (own.rank.loop().rank() == 0) {
            for (final int bytes : SIZES) {
                final double micros = own.measure(bytes);
                System.out.printf("accumulateMicros%dKiB raw=%.1f transport=%.1f ratio=%.2f%n", bytes >> 10,
                    own.raw.get(bytes), micros, own.raw.get(bytes) / micros);
            }
            Files.createFile(measured);
        } else {
            while (!Files.exists(measured)) {
                LockSupport.parkNanos(5_000_000);
            }
        }
        own.rank.end("accumulated");
    }

    private static byte[] own(final int rank, final int bytes) {
        final byte[] vector = new byte[bytes];
        Arrays.fill(vector, (byte) (1 << rank));
        return vector;
    }

    private void measureRaw(final Comm comm) throws MPIException {
        for (final int bytes : SIZES) {
            final ByteBuffer in = MPI.newByteBuffer(bytes).put(0, own(comm.getRank(), bytes));
            final ByteBuffer out = MPI.newByteBuffer(bytes);
            final long[] took = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                final long beganNs = System.nanoTime();
                final Request all = comm.iAllReduce(in, out, bytes, MPI.BYTE, MPI.BXOR);
                while (!all.test()) {
                    Thread.yield();
                }
                took[i] = System.nanoTime() - beganNs;
            }
            raw.put(bytes, median(took));
        }
    }

    private double measure(final int bytes) throws InterruptedException {
        final int size = rank.loop().size();
        final List<Integer> members = IntStream.range(0, size).boxed().toList();
        final byte[] expected = own(0, bytes);
        Arrays.fill(expected, (byte) ((1 << size) - 1));
        final long[] took = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            final long beganNs = System.nanoTime();
            final AccumulationPlan plan = new AccumulationPlan(Hash.sha256(new byte[] {(byte) i}), i, members, 0, true,
                size, AccumulationTree.DEFAULT_FAN_OUT);
            final WireWriter out = new WireWriter().u8(PLAN).u32(bytes);
            plan.encode(out);
            final byte[] parcel = out.toBytes();
            synchronized (this) {
                begin(plan, bytes, 0);
            }
            for (int peer = 1; peer < size; peer++) {
                rank.loop().offer(peer, parcel);
            }
            final byte[] result = results.poll(LIMIT_NS, TimeUnit.NANOSECONDS);
            took[i] = System.nanoTime() - beganNs;
            if (!Arrays.equals(expected, result)) {
                rank.report("another result");
            }
        }
        return median(took);
    }

    private boolean onBytes(final int from, final byte[] bytes, final int offset, final int length) {
        while (rank == null) {
            Thread.onSpinWait(); // the first parcel may come before this rank's own constructor is through
        }
        final WireReader in = new WireReader(bytes, offset, length);
        if (in.u8() == PLAN) {
            final int size = in.u32();
            synchronized (this) {
                begin(AccumulationPlan.decode(in).orElseThrow(), size, rank.loop().rank());
            }
        } else {
            synchronized (this) {
                final List<AccumulationAction<byte[]>> actions = new ArrayList<>();
                current.onPartial(Partial.decode(vectors, in).orElseThrow(), System.nanoTime(), actions);
                perform(actions);
            }
        }
        return true;
    }

    private void begin(final AccumulationPlan plan, final int bytes, final int self) {
        vectors = new XorVector(bytes);
        current = new Accumulation<>(plan, self, vectors, System.nanoTime(), LIMIT_NS);
        final List<AccumulationAction<byte[]>> actions = new ArrayList<>();
        current.contribute(own(self, bytes), System.nanoTime(), actions);
        perform(actions);
    }

    private void perform(final List<AccumulationAction<byte[]>> actions) {
        for (final AccumulationAction<byte[]> action : actions) {
            if (action instanceof AccumulationAction.Send<byte[]> send) {
                final WireWriter out = new WireWriter().u8(PARTIAL);
                send.partial().encode(vectors, out);
                rank.loop().offer(send.to(), out.toBytes());
            } else if (action instanceof AccumulationAction.Complete<byte[]> complete) {
                results.add(complete.value());
            }
        }
    }

    private static double median(final long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1e3;
    }
}
