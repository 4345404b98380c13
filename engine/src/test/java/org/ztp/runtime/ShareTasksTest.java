package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.release.ReleaseEvent;

class ShareTasksTest {
    private final List<ReleaseEvent> answers = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();

    private void begin(final boolean taken) {
        new ShareTasks(task -> {
            if (taken) {
                task.run();
            }
            return taken;
        }, answers::add, failures::add).begin(7, () -> {
            throw new IllegalStateException("damaged");
        }, made -> new ReleaseEvent.Contributed(7, made));
    }

    @Test
    void aCallThatNoThreadTakesIsDeclinedAtOnce() {
        begin(false);
        assertEquals(List.of(new ReleaseEvent.Crowded(7)), answers);
    }

    @Test
    void sharesThatCannotBeOpenedAreReportedAndAnsweredFor() {
        begin(true);
        assertEquals(List.of(new ReleaseEvent.Contributed(7, Optional.empty())), answers);
        assertEquals("damaged", failures.get(0).getMessage());
    }
}
