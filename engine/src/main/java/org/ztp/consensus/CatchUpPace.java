package org.ztp.consensus;

/**
 * When a replica that is behind asks for its next portion of final blocks. One question is open at a time, and what it
 * brings is taken in and stored before the next one; while its peers make blocks final the replica then rests for
 * {@value #REST} times as long as the portion took, from the question until it was durable: giver and taker work for it at
 * most a sixth of the time, and the rest is left to commits. It works more where it would else not come nearer: in the
 * time in which its peers make sixteen blocks it is to take in {@value #NEARER}. A portion of n blocks is <i>late</i> once its
 * peers have made sixteen seventeenths of n since it was asked for. So the rest ends when it would make the portion late, and a portion
 * that is late before it is durable, or before it is even taken in, is not waited for: the next one is asked for if no more
 * than one is being stored. Then one is read by a peer while another one is hashed, and one written, and three portions are
 * all that is in memory.
 *
 * <p>So who needs t to take in what it misses when nobody does anything else has it after 6 t, or 17 times as long as
 * its peers needed for it, whichever is later, if the machine lets it take portions in at that pace.
 */
final class CatchUpPace {
    /** How many times as long as a portion took the replica rests. */
    static final int REST = 5;
    /** How many blocks it takes in at least, while its peers make one less. */
    static final int NEARER = 17;
    /** Longest rest, nanoseconds. */
    static final long REST_MAX_NS = 2_000_000_000L;
    /** Longest that an answer is waited for, nanoseconds. */
    static final long PATIENCE_MAX_NS = 3_200_000_000L;
    /** How many times as long as the last answer took one is waited for. */
    static final int PATIENCE = 8;

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
    /** The portion that was taken in last: its blocks, and what has to be durable; and what of the one before it. */
    private long taken;
    private long ticket;
    private long earlierTicket;
    private boolean storing;
    private boolean resting;
    private long lateNs;
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
        resting = false;
        patienceNs = answered ? patienceNs : Math.min(2 * patienceNs, Math.max(patienceMinNs, PATIENCE_MAX_NS));
        answered = false;
    }

    /**
     * So many blocks have come. Whether they are good is not known yet, so this tells only how they stand in time.
     *
     * @return whether they are the answer to the open question, and late
     */
    boolean isLate(final long nowNs, final long heard, final long blocks) {
        return !answered && blocks > 0 && heard > beforeHeard && enoughNs(nowNs, heard, blocks) <= 0;
    }

    /**
     * A portion was taken in: so many blocks, durable with a ticket of the outbox.
     *
     * @param askedOn whether the next one was asked for already
     */
    void take(final long nowNs, final long heard, final long blocks, final long durableWith, final boolean askedOn) {
        earlierTicket = ticket;
        ticket = durableWith;
        taken = blocks;
        if (!askedOn) {
            answered(nowNs);
            storing = true;
            lateNs = nowNs + (heard > beforeHeard ? Math.max(0, enoughNs(nowNs, heard, blocks)) : REST_MAX_NS);
        }
    }

    /** The open question has its answer, so another one may be asked. */
    void answered(final long nowNs) {
        answered = true;
        patienceNs = Math.max(patienceMinNs, Math.min(PATIENCE * (nowNs - askedNs), PATIENCE_MAX_NS));
    }

    /** The open question has its answer, but what it brings is here by now: the next one can be asked. */
    void passed(final long nowNs) {
        if (!answered) {
            answered(nowNs);
            resting = true;
            dueNs = nowNs;
        }
    }

    /** Whether a question was asked and has no answer. */
    boolean isOpen() {
        return !answered;
    }

    /** Whether a portion is being stored, and nothing else was asked for. */
    boolean isStoring() {
        return storing;
    }

    /** With which ticket the last portion is durable, and all before it. */
    long ticket() {
        return ticket;
    }

    /** With which ticket those before the last portion are durable. */
    long earlierTicket() {
        return earlierTicket;
    }

    /** From when on the portion that is being stored is late. */
    long lateNs() {
        return lateNs;
    }

    /** The portion is durable; from now on the replica rests, if more than a portion is missing yet. */
    void stored(final long nowNs, final long heard, final long missing) {
        storing = false;
        resting = true;
        dueNs = nowNs + (missing > taken ? restNs(nowNs, heard) : 0);
    }

    private long restNs(final long nowNs, final long heard) {
        if (heard <= beforeHeard) {
            return 0; // peers are idle
        }
        final long tookNs = nowNs - askedNs;
        return Math.max(0, Math.min(Math.min(REST * tookNs, REST_MAX_NS), enoughNs(nowNs, heard, taken)));
    }

    /** How long it is until a portion of so many blocks is late; peers make blocks as they did since the question before. */
    private long enoughNs(final long nowNs, final long heard, final long blocks) {
        return blocks * (nowNs - beforeNs) / (heard - beforeHeard) / NEARER * (NEARER - 1) - (nowNs - askedNs);
    }

    /** The rest is over, or the wait for what is being stored, whether or not there is something to ask for. */
    void rested() {
        resting = false;
        storing = false;
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
