package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.ztp.epoch.EpochMessage;
import org.ztp.epoch.EpochMessage.Ask;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.epoch.EpochSetting;
import org.ztp.ledger.Samples;
import org.ztp.ledger.epoch.SampleEpochs;

final class EpochDutyTest {
    private static final EpochMessage ASK = new Ask(1, List.of(0L, 0L));
    private final AtomicReference<EpochDuty> duty = new AtomicReference<>();

    EpochDutyTest() {
        duty.set(new EpochDuty(new EpochSetting(Samples.CHAIN, SampleEpochs.voters(2), 0, List.of(0, 1, 2, 3),
            List.of(0), 1_000_000_000_000L), List.of(), new FaultHook(), (to, message) -> duty.get().offer(1, ASK)));
    }

    @Test
    void whoAsksAgainWithEachAnswerKeepsNoTurnFromItsEnd() {
        assertTrue(duty.get().offer(1, ASK));
        assertTrue(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> duty.get().work()) > 1);
        assertTrue(assertTimeoutPreemptively(Duration.ofSeconds(30), () -> duty.get().work()) > 1, "the next goes on");
    }

    @Test
    void eachNodeHasAShareOfWhatMayWait() {
        int taken = 0;
        while (duty.get().offer(1, ASK)) {
            taken++;
        }
        assertEquals(4_096 / 4, taken);
        assertTrue(duty.get().offer(2, ASK));
    }

    @Test
    void epochsCountWithTheVotesThatTheyHold() {
        final EpochMessage made =
            new Made(SampleEpochs.epoch(LongStream.generate(() -> 1).limit(400).toArray()).heads());
        int taken = 0;
        while (duty.get().offer(1, made)) {
            taken++;
        }
        assertTrue(taken < 4_096 / 4);
        assertTrue(duty.get().offer(1, ASK), "what is short does not wait for it");
        assertFalse(duty.get().offer(1, made));
    }
}
