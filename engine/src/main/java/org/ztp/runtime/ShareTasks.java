package org.ztp.runtime;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ztp.release.ReleaseEvent;

/**
 * What a replica makes of its shares, on threads that may wait for a disk. Each call is answered: with what was made, with
 * nothing if the shares cannot be opened, or at once with {@link ReleaseEvent.Crowded} if the threads have too much to do.
 * Any thread.
 */
final class ShareTasks {
    private final Predicate<Runnable> threads;
    private final Consumer<ReleaseEvent> answers;
    private final Consumer<RuntimeException> failures;

    /**
     * Tasks.
     *
     * @param threads runs a task later; false if it will not
     * @param answers takes the answers
     * @param failures is told why shares cannot be opened
     */
    ShareTasks(final Predicate<Runnable> threads, final Consumer<ReleaseEvent> answers,
               final Consumer<RuntimeException> failures) {
        this.threads = threads;
        this.answers = answers;
        this.failures = failures;
    }

    void begin(final long callId, final Supplier<Optional<byte[]>> making,
               final Function<Optional<byte[]>, ReleaseEvent> answer) {
        if (!threads.test(() -> answers.accept(answer.apply(made(making))))) {
            answers.accept(new ReleaseEvent.Crowded(callId));
        }
    }

    /** Shares that cannot be opened for whatever reason are reported, and another replica is taken at once. */
    private Optional<byte[]> made(final Supplier<Optional<byte[]>> making) {
        try {
            return making.get();
        } catch (final RuntimeException failure) {
            failures.accept(failure);
            return Optional.empty();
        }
    }
}
