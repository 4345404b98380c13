package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultHookTest {
    @Test
    void whatClientsDoDoesNotPushOutWhatReplicasDid() {
        final FaultHook hook = new FaultHook();
        hook.report(1, 2, "DOUBLE_VOTE", "view=7");
        for (int i = 0; i < 1_000; i++) {
            hook.reportClient("replies are not fetched: waiting=" + i);
        }
        assertEquals(List.of("view=7", "replies are not fetched: waiting=999"),
            hook.reports().stream().map(FaultHook.Report::detail).toList());
        assertEquals(Map.of("DOUBLE_VOTE", 1L, "CLIENT_LET_GO", 1_000L), hook.counts());
    }
}
