package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.ztp.client.ServiceReply;

final class StatusTextTest {
    private static int served(final String json) {
        return StatusText.read(new ServiceReply.StatusText(json),
            status -> StatusText.index(status, "servedByReplica", 4));
    }

    @Test
    void aReplicaThatThereIsNotIsTheServicesFault() {
        assertEquals(3, served("{\"servedByReplica\":3}"));
        for (final String no : new String[] {"{\"servedByReplica\":4}",
            "{\"servedByReplica\":-1}", "{}", "{\"servedByReplica\":{}}"}) {
            assertEquals(Exit.UNAVAILABLE, assertThrows(CommandException.class, () -> served(no)).exit());
        }
    }
}
