package org.ztp.simulation;

/** What a traitor may do beside what an honest replica does. */
enum Treason {
    /** Two replicas run on its key, with a disk each. */
    TWINS,
    /** As leader it proposes two blocks at one view and height, to different peers. */
    EQUIVOCATION,
    /** It votes for every proposal in both phases, and for every certificate. */
    VOTES_FOR_ANYTHING,
    /** It says again what it has heard. */
    REPLAY,
    /** It sends bytes that almost are messages. */
    GARBAGE,
    /** It gives its batches to one peer only. */
    WITHHELD_BATCHES,
    /** As leader it names batches that nobody has. */
    PHANTOM_BATCHES,
    /** It tells any heights and views, and that it lost its record. */
    FALSE_STATUS,
    /** It answers with final blocks that are none. */
    FALSE_FINAL_BLOCKS,
    /** Its time-outs tell of no lock. */
    HIDDEN_LOCK,
    /** As leader it builds on old certificates. */
    OLD_PARENT,
    /** It gives certificates another view or phase, and builds on them. */
    REDATED_CERTIFICATES,
    /** It does not vote, now and then. */
    SILENCE,
    /** It proposes in views that others lead. */
    USURPED_VIEW,
    /** It attaches time-out certificates that are none. */
    FALSE_ENTRY
}
