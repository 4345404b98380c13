package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused.Reason;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Refused.Code;

final class ReleasesTest {
    @Test
    void whoComesWhileManyReleasesAreUnderWayIsToAskAgainAndNotToGiveUp() {
        assertEquals(ServiceReply.Busy.class, refusal(Code.BUSY).getClass());
        for (final Code code : List.of(Code.NOT_ENOUGH_REPLICAS, Code.TIMED_OUT, Code.PENDING)) {
            assertEquals(Reason.UNAVAILABLE, ((ServiceReply.Refused) refusal(code)).reason());
        }
    }

    private static ServiceReply refusal(final Code code) {
        return Releases.refusal(new Refused(1, code, "why"));
    }
}
