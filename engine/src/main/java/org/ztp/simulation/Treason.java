package org.ztp.simulation;

import java.util.EnumSet;
import java.util.Set;

/** What a traitor may do beside what an honest replica does. */
enum Treason {
    /** Two replicas run on its key, with a disk each; at times each of them meets one side of the others only. */
    TWINS,
    /** As leader it proposes two blocks at one view and height, and shows each with its certificate to some. */
    EQUIVOCATION,
    /** It votes for every proposal in both phases, and for every certificate. */
    VOTES_FOR_ANYTHING,
    /** It says again what it has heard. */
    REPLAY,
    /** It sends bytes that almost are messages. */
    GARBAGE,
    /** It gives its batches to one peer only. */
    WITHHELD_BATCHES,
    /** It gives one batch for another. */
    FALSE_BATCHES,
    /** As leader it names batches that nobody has. */
    PHANTOM_BATCHES,
    /** As leader it proposes a block whose state, root, time or chain is not what it must be. */
    FALSE_HEADER,
    /** It gives blocks that were asked for with other batches than their headers speak of. */
    FALSE_BLOCKS,
    /** It gives snapshots of states that never were, and pages that are of no state. */
    FALSE_STATES,
    /** It tells any heights and views, and that it lost its record. */
    FALSE_STATUS,
    /** It sends final blocks that are none, asked or not. */
    FALSE_FINAL_BLOCKS,
    /** As leader it shows its certificates to few. */
    WITHHELD_CERTIFICATES,
    /** It makes certificates of too few signatures: of its own again and again, or in the name of others. */
    FORGED_CERTIFICATES,
    /** It shows what all have signed on another chain, where they serve too. */
    FOREIGN_CERTIFICATES,
    /** It gives certificates another view or phase, and builds on them. */
    REDATED_CERTIFICATES,
    /** Its time-outs tell of no lock. */
    HIDDEN_LOCK,
    /** It leads replicas that lost their records into new views without telling them of a lock, and out again. */
    MISGUIDANCE,
    /** As leader it says that its view is out of time while the view goes well. */
    HASTE,
    /** As leader it builds on old certificates. */
    OLD_PARENT,
    /** Of the time-outs that it heard it makes the certificate that tells least. */
    CHOSEN_ENTRY,
    /** It enters views with time-out certificates of older ones. */
    STALE_ENTRY,
    /** It enters views with time-outs of which it changed the view or the lock, or that nobody signed. */
    FALSE_ENTRY,
    /** It tells of a lock that nobody has, in time-out certificates that all others signed well. */
    UNREACHABLE_LOCK,
    /** It does not vote, now and then. */
    SILENCE,
    /** It votes only in views that it leads. */
    RELUCTANCE,
    /** As leader it makes blocks final in good time, and leaves half of all batches out of them, or all. */
    OMISSION,
    /** As leader it names batches again that an earlier block named. */
    REPEATED_BATCHES,
    /** It proposes in views that others lead. */
    USURPED_VIEW,
    /** It gives wrong shares of keys, summed and single. */
    WRONG_SHARES,
    /** It tells others of heads and epochs that are none, or not any more. */
    FALSE_HEADS,
    /** Who asks it for keys gets something else, or nothing. */
    FALSE_ANSWERS,
    /** It calls whoever is behind for shares of requests that are closed by now, as its ledger once allowed them. */
    OLD_TERMS;

    /** What is of no use where clients do not share data and no other sub-cluster is. */
    static final Set<Treason> OF_ALLOCATIONS = EnumSet.of(WRONG_SHARES, FALSE_HEADS, FALSE_ANSWERS, OLD_TERMS);
}
