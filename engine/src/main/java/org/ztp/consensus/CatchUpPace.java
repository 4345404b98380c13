package org.ztp.consensus;

/**
 * When a replica that is behind asks for its next portion of final blocks. It asks for one at a time, and not before the last
 * one is durable, so one portion is all that is in memory. While its peers make blocks final it then rests for
 * {@value #REST} times as long as the portion took, from the question until it was durable: giver and taker work for it at
 * most a sixth of the time, and the rest is left to commits. It rests less where it would else not come nearer: it
 * takes in at least five blocks while its peers make four. So who needs t to take in what it misses when nobody does
 * anything else has it after 6 t, or five times as long as its peers needed for it, whichever is later.
 */
final class CatchUpPace {
    /** How many times as long as a portion took the replica rests. */
    static final int REST = 5;
    /** How many blocks it takes in at least, while its peers make one less. */
    static final int NEARER = 5;
    /** Longest rest, nanoseconds. */
    static final long REST_MAX_NS = 2_000_000_000L;

    /** Longest that an answer is waited for, nanoseconds. */
    static final long PATIENCE_MAX_NS = 3_200_000_000L;

    private final long patienceMinNs;
    /** How long an answer is waited for before another peer is asked: doubles while none comes. */
    private long patienceNs;
    private boolean answered;
    /** When the last portion was asked for, and how high peers were then; when and how high the time before. */
    private long askedNs;
    private long askedHeard;
    private long beforeNs;
    private long beforeHeard;
    private boolean asked;
    /** The portion that is being stored: its blocks, and what has to be durable. */
    private long taken;
    private long ticket;
    private boolean storing;
    private boolean resting;
    private long dueNs;

    /** A pace at which an answer is waited for so long, nanoseconds, and longer where portions take longer. */
    CatchUpPace(final long patienceNs) {
        this.patienceMinNs = patienceNs;
        this.patienceNs = patienceNs;
        answered = true;
    }

    /** A portion is asked for. */
    void ask(final long nowNs, final long heard) {
        beforeNs = asked ? askedNs : nowNs;
        beforeHeard = asked ? askedHeard : heard;
        asked = true;
        askedNs = nowNs;
        askedHeard = heard;
        storing = false;
        patienceNs = answered ? patienceNs : Math.min(2 * patienceNs, Math.max(patienceMinNs, PATIENCE_MAX_NS));
        answered = false;
    }

    /** A portion was taken in: so many blocks, durable with a ticket of the outbox. */
    void take(final long blocks, final long durableWith) {
        taken = blocks;
        ticket = durableWith;
        storing = true;
    }

    /** What must be durable before the next portion; -1 if nothing is taken in. */
    long storing() {
        return storing ? ticket : -1;
    }

    /** The portion is durable; from now on the replica rests, if more than a portion is missing yet. */
    void stored(final long nowNs, final long heard, final long missing) {
        storing = false;
        resting = true;
        answered = true;
        patienceNs = Math.max(patienceMinNs, Math.min(4 * (nowNs - askedNs), PATIENCE_MAX_NS));
        dueNs = nowNs + (missing > taken ? restNs(nowNs, heard) : 0);
    }

    private long restNs(final long nowNs, final long heard) {
        final long tookNs = nowNs - askedNs;
        final long grown = heard - beforeHeard;
        if (grown <= 0) {
            return 0; // peers are idle
        }
        final long enoughNs = taken * (nowNs - beforeNs) / grown / NEARER * (NEARER - 1) - tookNs;
        return Math.max(0, Math.min(Math.min(REST * tookNs, REST_MAX_NS), enoughNs));
    }

    /** The rest is over, whether or not there is something to ask for. */
    void rested() {
        resting = false;
    }

    /** Whether nothing is to be asked for now: a portion is under way, or being stored, or it rests. */
    boolean holds(final long nowNs) {
        return storing || resting && nowNs - dueNs < 0 || !answered && nowNs - askedNs < patienceNs;
    }

    /** Whether the rest is over. */
    boolean isOver(final long nowNs) {
        return resting && nowNs - dueNs >= 0;
    }

    /** Whether it rests, or has rested and not asked since. */
    boolean isResting() {
        return resting;
    }

    /** When the rest is over. */
    long dueNs() {
        return dueNs;
    }
}
