package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.audit.Finding;
import org.ztp.audit.VerificationReport;
import org.ztp.wire.Hash;

final class VerifyCommandTest {
    private static VerificationReport report(final boolean overtaken, final List<Finding> faults) {
        return new VerificationReport(Hash.ZERO, false, overtaken, List.of(), List.of(), faults, faults.size(), List.of(),
            0, new VerificationReport.Counts(0, 0, 0, 0, 0, 0), 1);
    }

    private static Exit end(final boolean overtaken) {
        return assertThrows(CommandException.class, () -> VerifyCommand.requireConsistent(report(overtaken,
            List.of(new Finding(Finding.Level.FAULT, "file", 0, 1, "", "reason"))))).exit();
    }

    @Test
    void whatAServiceThatWasStartedMeanwhileMayHaveWrittenIsNoVerdict() {
        assertEquals(Exit.UNVERIFIED, end(false));
        assertEquals(Exit.UNAVAILABLE, end(true));
        VerifyCommand.requireConsistent(report(true, List.of()));
    }
}
