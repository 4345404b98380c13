package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlurmQueueTest {
    @Test
    void aJobHasEndedWhenSlurmSaysSoOrDoesNotKnowIt() {
        assertTrue(SlurmQueue.isActive("7", 0, "7 RUNNING\n"));
        assertTrue(SlurmQueue.isActive("7", 0, "7 COMPLETING\n"));
        assertFalse(SlurmQueue.isActive("7", 0, "7 COMPLETED\n"));
        assertFalse(SlurmQueue.isActive("7", 0, "8 PENDING\n7 COMPLETED\n"), "of an array Slurm tells all jobs");
        assertFalse(SlurmQueue.isActive("7", 1, "slurm_load_jobs error: Invalid job id specified\n"));
    }

    @Test
    void anAnswerThatDoesNotComeEndsNoJob() {
        for (final String said : new String[] {"",
            "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n"}) {
            final CommandException unknown = assertThrows(CommandException.class, () -> SlurmQueue.isActive("7", 1, said));
            assertEquals(Exit.UNAVAILABLE, unknown.exit());
            assertThrows(CommandException.class, () -> SlurmQueue.isActive("7", -1, said));
        }
        for (final String said : new String[] {"", "8 COMPLETED\n", "7\n"}) { // lost on the way, or kept from this user
            assertEquals(Exit.UNAVAILABLE, assertThrows(CommandException.class, () -> SlurmQueue.isActive("7", 0, said)).exit());
        }
    }

    @Test
    void whichClusterOfMachinesIsAskedStandsInItsConfiguration() {
        assertEquals("east", SlurmQueue.cluster("Configuration data as of today\nClusterName             = east\n"
            + "CommunicationParameters = (null)\n"));
        assertEquals("", SlurmQueue.cluster("slurm_load_ctl_conf error: Unable to contact slurm controller\n"));
        assertEquals("", SlurmQueue.cluster(""));
    }
}
