package org.ztp.mutants;

/** Which mutant is on, on this thread. Mutated sources ask it. */
public final class Switch {
    private static final ThreadLocal<Integer> MUTANT = ThreadLocal.withInitial(() -> -1);

    private Switch() {
    }

    /** Whether a mutant, by its number, is on. */
    public static boolean is(final int number) {
        return MUTANT.get() == number;
    }

    static void turn(final int number) {
        MUTANT.set(number);
    }
}
