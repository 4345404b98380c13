package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.SystemRandomness;

final class RanksTest {
    @TempDir
    private Path temporary;

    @Test
    void aParcelMayHoldTheLargestBlockThatAnyReplicaMayMake() throws Exception {
        final Genesis.Limits limits = new Genesis.Limits(1 << 20, 512 << 20);
        final Genesis genesis = new ClusterCreation(new SystemRandomness(), 1_700_000_000_000L)
            .create(temporary.resolve("cluster"), 4, 4, limits, "");
        final Configuration low = Configuration.with(Map.of(Setting.BLOCK_BYTES, "96MiB"));
        assertTrue(Ranks.parcelBytes(low, genesis) > limits.blockBytes());
    }
}
