package org.ztp.accumulate;

/** What became of an input to an accumulation. Everything but ACCEPTED leaves its value as it was. */
public enum Verdict {
    /** Taken in. */
    ACCEPTED,
    /** It names another accumulation. */
    OTHER_ACCUMULATION,
    /** Of an attempt that is over. */
    STALE_ATTEMPT,
    /** Of an attempt not known here yet; worth keeping until its plan comes. */
    EARLY_ATTEMPT,
    /** The sender is no child of this member. */
    NOT_A_CHILD,
    /** The replica is no member, or no contributor. */
    NOT_A_MEMBER,
    /** That contribution or partial is in already. */
    DUPLICATE,
    /** The sender was excluded. */
    EXCLUDED,
    /** The value does not have the monoid's shape. */
    WRONG_SHAPE,
    /** The contributors are not all the sender's own: from outside its subtree, or from nowhere. */
    WRONG_CONTRIBUTORS,
    /** This member is done: it has sent, completed, failed or expired. */
    FINISHED
}
