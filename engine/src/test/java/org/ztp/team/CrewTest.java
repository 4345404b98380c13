package org.ztp.team;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrewTest {
    private final Crew crew = new Crew(3, WaitLimits.PARK, () -> {
        throw new InternalError("while a failure is told");
    });

    @Test
    void aRegionEndsThoughItsFailureCannotBeTold() {
        IllegalStateException first = new IllegalStateException("the body's");
        for (int failing = 0; failing < 3; failing++) {
            int bad = failing;
            assertSame(first, assertThrows(IllegalStateException.class, () -> crew.run(thread -> {
                if (thread == bad) {
                    throw first;
                }
            })));
            AtomicInteger runs = new AtomicInteger();
            crew.run(thread -> runs.incrementAndGet());
            assertEquals(3, runs.get(), "all threads are there still");
        }
        crew.close();
    }
}
