package org.ztp.kernels;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import java.util.concurrent.ArrayBlockingQueue;
import org.jctools.queues.SpscArrayQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 256 bundles into a ring of one producer and out again, as between fork and join; figures are for one of them. */
@State(Scope.Thread)
public class RingKernel {
    private static final int SLOTS = 1_024;
    private static final int ITEMS = 256;

    private final Object item = new Object();
    private final Sequence taken = new Sequence();
    private final SpscArrayQueue<Object> spsc = new SpscArrayQueue<>(SLOTS);
    private final ArrayBlockingQueue<Object> blocking = new ArrayBlockingQueue<>(SLOTS);
    private RingBuffer<Object[]> ring;

    /** An empty ring. */
    @Setup(Level.Trial)
    public void open() {
        ring = RingBuffer.createSingleProducer(() -> new Object[1], SLOTS);
        ring.addGatingSequences(taken);
    }

    /** What is used. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public int disruptor() {
        for (int i = 0; i < ITEMS; i++) {
            final long sequence = ring.next();
            ring.get(sequence)[0] = item;
            ring.publish(sequence);
        }
        int count = 0;
        for (long at = taken.get() + 1; at <= ring.getCursor(); at++) {
            count += ring.get(at)[0] == item ? 1 : 0;
            ring.get(at)[0] = null;
        }
        taken.set(ring.getCursor());
        return count;
    }

    /** Rejected: as fast, but what lies in it cannot be looked at before it is taken, as the join does. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public int rejectedQueueOfJctools() {
        for (int i = 0; i < ITEMS; i++) {
            spsc.offer(item);
        }
        int count = 0;
        while (spsc.poll() != null) {
            count++;
        }
        return count;
    }

    /** Rejected: a queue with a lock. */
    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public int rejectedBlockingQueue() {
        for (int i = 0; i < ITEMS; i++) {
            blocking.add(item);
        }
        int count = 0;
        while (blocking.poll() != null) {
            count++;
        }
        return count;
    }
}
