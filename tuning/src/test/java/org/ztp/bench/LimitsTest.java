package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.storage.disk.SimulatedDisk;

final class LimitsTest {
    private static final int MIB = 1 << 20;

    @Test
    void whatAJournalWritesIsForcedInItsLargestGroups() {
        final List<Integer> forced = new ArrayList<>();
        final SimulatedDisk disk = new SimulatedDisk(1);
        try (Limits.Writing writing = new Limits.Writing(disk, new byte[MIB], true)) {
            for (int mebibytes = 1; mebibytes <= 96; mebibytes++) {
                final int now = mebibytes;
                disk.onForce(name -> forced.add(now));
                assertEquals(MIB, writing.once());
            }
        }
        assertEquals(List.of(16, 32, 48, 64, 80, 96), forced);
        assertEquals(List.of("0", "1"), disk.fileNames());
    }
}
