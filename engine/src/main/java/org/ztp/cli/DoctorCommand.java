package org.ztp.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ztp doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
    description = "Check this machine and job: JDK, cores, limits, shared memory, file systems, MPI, Slurm.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private Common common;

    @Override
    public Integer call() {
        final List<Finding> findings = new MachineChecks(System.getenv(), common.directory().root()).all();
        if (common.isJson()) {
            common.line(Json.of(Map.of("findings", findings.stream().map(DoctorCommand::document).toList())));
        } else {
            for (final Finding finding : findings) {
                common.line(String.format(Locale.ROOT, "%-4s  %-14s %s",
                    finding.level().name().toLowerCase(Locale.ROOT),
                    finding.what(), finding.detail()));
                if (!finding.hint().isEmpty()) {
                    common.line("      hint: " + finding.hint());
                }
            }
        }
        return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.FAIL)
            ? Exit.UNAVAILABLE.code() : Exit.DONE.code();
    }

    private static Map<String, Object> document(final Finding finding) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("what", finding.what());
        document.put("level", finding.level().name().toLowerCase(Locale.ROOT));
        document.put("detail", finding.detail());
        document.put("hint", finding.hint());
        return document;
    }
}
