package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.consensus.Limits;
import org.ztp.crypto.SeededRandomness;

class NodeSettingsTest {
    @Test
    void theLongestTimeOutOfAViewThatMayBeSetIsHonoured(@TempDir final Path directory) throws Exception {
        final Genesis genesis = new ClusterCreation(new SeededRandomness(3), 1).create(directory.resolve("cluster"), 4, 4,
            Genesis.Limits.DEFAULT, "");
        final Limits core = new NodeSettings(genesis, Configuration.parse("view.timeout = 16s", Map.of())).core();
        assertEquals(16_000_000_000L, core.viewTimeoutNs());
        assertTrue(core.viewTimeoutNs() <= core.viewTimeoutMaxNs());
    }
}
