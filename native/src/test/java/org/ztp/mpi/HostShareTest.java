package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HostShareTest {
    private static String processors(final int processors, final int replicas) {
        return new HostShare(processors, replicas).options().get(0);
    }

    @Test
    void processorsAreShared() {
        assertEquals("-XX:ActiveProcessorCount=16", processors(64, 4));
        assertEquals("-XX:ActiveProcessorCount=5", processors(64, 12));
    }

    @Test
    void ranksThatAreMoreThanTheProcessorsHaveOneEach() {
        assertEquals("-XX:ActiveProcessorCount=1", processors(2, 4));
        assertEquals("-XX:ActiveProcessorCount=1", processors(1, 12));
    }

    @Test
    void theYoungGenerationDoesNotGrow() {
        assertEquals(List.of("-Xmn128m", "-XX:SurvivorRatio=2", "-XX:-UseAdaptiveSizePolicy"),
            new HostShare(8, 4).options().subList(1, 4));
    }
}
