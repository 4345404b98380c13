package org.ztp.bench;

/**
 * When a service is warm: not as long as a further interval makes it faster by more than 3 %, or more than 4 % of its
 * processor time goes into compiling, but after {@value #MOST_INTERVALS} intervals whatever comes.
 */
final class WarmUp {
    static final int MOST_INTERVALS = 12;
    private static final double FASTER = 1.03;
    private static final double COMPILING = 0.04;

    private int intervals;
    private long before;
    private boolean cold = true;

    /** Whether a further interval is needed. */
    boolean goesOn() {
        return cold && intervals < MOST_INTERVALS;
    }

    /**
     * An interval is over.
     *
     * @param transactions that became final in it
     * @param compilerShare part of its processor time that was compiling, 0 .. 1
     */
    void interval(final long transactions, final double compilerShare) {
        cold = transactions > FASTER * before || compilerShare > COMPILING;
        before = transactions;
        intervals++;
    }
}
