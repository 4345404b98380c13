package org.ztp.team;

/**
 * A loop whose result is reduced: one accumulator for each thread, combined when all are done.
 *
 * @param <A> the accumulator; it may be changed in place and returned
 */
public interface Reduction<A> {
    /** The accumulator that a thread starts with, an identity of {@link #combine}. Called on that thread. */
    A identity(int threadIndex);

    /** Takes the indexes {@code from} (inclusive) to {@code to} (exclusive) into the thread's accumulator. */
    A accumulate(A accumulator, int from, int to);

    /** Combines two accumulators; {@code left} is of the lower threads. Must be associative. */
    A combine(A left, A right);
}
