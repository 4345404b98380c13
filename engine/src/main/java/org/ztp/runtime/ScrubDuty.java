package org.ztp.runtime;

import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.ztp.storage.StorageException;
import org.ztp.storage.journal.JournalScrub;

/**
 * Reads a journal again and again, so that what rots where nobody reads is found while peers still have it: 1 MiB a second,
 * 84 GiB a day. Single owner: its thread.
 */
final class ScrubDuty implements Duty {
    private static final long PIECE_BYTES = 1 << 20;
    private static final long REST_NS = 1_000_000_000L;

    private final JournalScrub scrub;
    private final LongConsumer rotten;
    private final Consumer<StorageException> unreadable;

    /**
     * Nothing was read yet.
     *
     * @param rotten told of positions of damage
     * @param unreadable told when the disk does not answer
     */
    ScrubDuty(final JournalScrub scrub, final LongConsumer rotten, final Consumer<StorageException> unreadable) {
        this.scrub = scrub;
        this.rotten = rotten;
        this.unreadable = unreadable;
    }

    @Override
    public int work() {
        try {
            scrub.step(PIECE_BYTES).ifPresent(rotten);
        } catch (final StorageException failure) {
            unreadable.accept(failure);
        }
        return 0;
    }

    @Override
    public long restNs() {
        return REST_NS;
    }
}
