package org.ztp.simulation;

import java.util.EnumSet;
import java.util.Random;
import java.util.Set;

/** Deeds that help each other: a traitor that does everything at once spoils its own plans. */
enum Scheme {
    /** Lets few know that a block is final, ends the view, and leads the next without that block. */
    UNDO(Treason.OLD_PARENT, Treason.WITHHELD_CERTIFICATES, Treason.HASTE),
    /** The same, and tells of fewer locks than there are. */
    UNDO_BY_CHOICE(Treason.OLD_PARENT, Treason.WITHHELD_CERTIFICATES, Treason.HASTE, Treason.CHOSEN_ENTRY,
        Treason.HIDDEN_LOCK),
    /** The same, with time-outs of older views. */
    UNDO_BY_AGE(Treason.OLD_PARENT, Treason.WITHHELD_CERTIFICATES, Treason.HASTE, Treason.STALE_ENTRY),
    /** The same, with time-outs that nobody said. */
    UNDO_BY_FORGERY(Treason.OLD_PARENT, Treason.WITHHELD_CERTIFICATES, Treason.HASTE, Treason.FALSE_ENTRY),
    /** The next view is entered with a lock that nobody has, so that nothing can be built there. */
    STALL(Treason.UNREACHABLE_LOCK, Treason.RELUCTANCE),
    /** Two of everything. */
    DOUBLE(Treason.TWINS, Treason.EQUIVOCATION, Treason.VOTES_FOR_ANYTHING),
    /** Certificates that are none. */
    FORGE(Treason.FORGED_CERTIFICATES, Treason.FOREIGN_CERTIFICATES, Treason.REDATED_CERTIFICATES),
    /** Wrong answers. */
    MISINFORM(Treason.FALSE_STATUS, Treason.FALSE_FINAL_BLOCKS, Treason.FALSE_BLOCKS, Treason.FALSE_BATCHES,
        Treason.FALSE_STATES),
    /** Blocks that nobody may vote for. */
    MISLEAD(Treason.FALSE_HEADER, Treason.PHANTOM_BATCHES, Treason.USURPED_VIEW, Treason.OLD_PARENT),
    /** What others need is missing. */
    STARVE(Treason.WITHHELD_BATCHES, Treason.PHANTOM_BATCHES, Treason.SILENCE, Treason.WITHHELD_CERTIFICATES),
    /** The chain grows, and what clients wait for is not in it. */
    OMIT(Treason.OMISSION),
    /** Batches that some have made final and forgotten are needed again, while every vote is. */
    REPEAT(Treason.REPEATED_BATCHES, Treason.RELUCTANCE, Treason.WITHHELD_CERTIFICATES),
    /** Those who lost their records come back without their locks. */
    MISGUIDE(Treason.MISGUIDANCE, Treason.HIDDEN_LOCK, Treason.HASTE),
    /** Those who lost everything take over states that never were. */
    DECEIVE(Treason.FALSE_STATES, Treason.MISGUIDANCE),
    /** Noise. */
    DISTURB(Treason.REPLAY, Treason.GARBAGE, Treason.HASTE, Treason.USURPED_VIEW);

    private final Set<Treason> deeds;

    Scheme(final Treason first, final Treason... others) {
        deeds = EnumSet.of(first, others);
    }

    /** What a seed's traitors do: one scheme or two, some deeds of others, and seldom anything. */
    static Set<Treason> draw(final Random random) {
        final Set<Treason> drawn = EnumSet.copyOf(any(random).deeds);
        if (random.nextBoolean()) {
            drawn.addAll(any(random).deeds);
        }
        final int percent = random.nextInt(8) == 0 ? 50 : random.nextInt(10);
        for (final Treason deed : Treason.values()) {
            if (!Treason.OF_ALLOCATIONS.contains(deed) && random.nextInt(100) < percent) {
                drawn.add(deed);
            }
        }
        return drawn;
    }

    private static Scheme any(final Random random) {
        return values()[random.nextInt(values().length)];
    }
}
