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

    /** What is found when something runs with a mutant on, or nothing. */
    static String found(final int number, final Runnable run) {
        turn(number);
        try {
            run.run();
            return "";
        } catch (final RuntimeException | StackOverflowError found) {
            return String.valueOf(found.getMessage());
        } finally {
            turn(-1);
        }
    }
}
