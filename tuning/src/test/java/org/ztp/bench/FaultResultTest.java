package org.ztp.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.ztp.config.Configuration;
import org.ztp.tuning.Load;

final class FaultResultTest {
    private static LoadWindow.Figures figures(final long transactions, final long compilerNs) {
        return new LoadWindow.Figures(1_000_000_000L, transactions, List.of(transactions), 0, new ProcessTimes(1_000_000, compilerNs));
    }

    @Test
    void whatIsLostStandsBesideBothRates() {
        final FaultResult result = new FaultResult(new BenchPlan(4, 4, new Load(1, 1, 1, 64, 0), Configuration.defaults(), 3, 1, 0,
            Fault.LEADER_HANG, 0, Path.of(".")), List.of(2),
            Optional.of(new FaultRun.Return(figures(110, 0), OptionalLong.of(7_000_000))), figures(100, 130_000), figures(90, 0),
            new FaultRun.Return(figures(80, 0), OptionalLong.of(5_000_000)), figures(160, 20_000));
        final Map<String, Object> figures = result.document();
        assertEquals(20.0, figures.get("lossPercent"));
        assertEquals(50.0, figures.get("lossPercentOfAfter"));
        assertEquals(-10.0, figures.get("lossPercentFirst"));
        assertEquals(31.25, figures.get("lossPercentFirstOfAfter"));
        assertEquals(0.13, figures.get("compilerFractionBefore"));
        assertEquals(0.02, figures.get("compilerFractionAfter"));
        assertTrue(result.text().contains("meanwhile -20.0 % beside before, -50.0 % beside afterwards"), result.text());
        assertTrue(result.text().contains("after 7 ms; +10.0 % and -31.3 %, "), result.text());
    }
}
