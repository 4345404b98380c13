package org.ztp.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.ztp.audit.Finding;
import org.ztp.audit.Verification;
import org.ztp.audit.VerificationOptions;
import org.ztp.audit.VerificationReport;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ztp verify}. */
@Command(name = "verify", mixinStandardHelpOptions = true,
    description = "Check everything offline: every checksum, hash, signature, certificate, state digest, epoch and blob. "
        + "Exit 5 if anything is wrong; each fault names file, offset, height and reason.")
final class VerifyCommand implements Callable<Integer> {
    private static final int MAX_THREADS = 256;

    /** Down to the directories of a replica. */
    private static final int LEVELS = 4;

    @Mixin
    private Common common;

    /** A configuration that cannot be used does not keep the ledger from being verified. */
    private Optional<Configuration> configuration() {
        try {
            return Files.exists(common.directory().configurationFile()) ? Optional.of(common.configuration(null))
                : Optional.empty();
        } catch (final CommandException wrong) {
            common.say("neither archive.dir nor local.dir is verified: " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private VerificationReport verified(final ClusterDirectory directory, final VerificationOptions options) {
        try (Progress bar = Progress.upTo(common, "Verifying")) {
            return Verification.run(directory, options, (stage, bytes, total) -> bar.at(bytes, total));
        } catch (final OutOfMemoryError tooLarge) {
            throw new CommandException(Exit.UNAVAILABLE, "memory ran out before all was verified, which says nothing of the "
                + "ledger: heap=" + (Runtime.getRuntime().maxMemory() >> 20) + " MiB", "give it more: ZTP_JAVA_OPTS=-Xmx16g "
                + "ztp verify; it needs some 100 bytes a batch and certificate, and what the state takes");
        }
    }

    /** What may not be read is not for this user to verify, and no fault of the ledger. */
    private static void requireReadable(final Path root) {
        try {
            Files.walkFileTree(root, Set.of(), LEVELS, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFileFailed(final Path path, final IOException failed) throws IOException {
                    if (failed instanceof AccessDeniedException) {
                        throw failed;
                    }
                    return FileVisitResult.CONTINUE; // the verification tells of it
                }
            });
        } catch (final IOException denied) {
            throw new CommandException(Exit.USAGE, denied.getMessage() + " may not be read by this user, so nothing is verified",
                "run it as the service's user, or on a copy that may be read");
        }
    }

    @Override
    public Integer call() {
        final ClusterDirectory directory = common.directory();
        if (!Files.isDirectory(directory.root())) {
            throw new CommandException(Exit.USAGE, directory.root() + " is no directory",
                "name the cluster's directory with --dir DIR or $ZTP_DIR");
        }
        requireReadable(directory.root());
        final Optional<Configuration> configuration = configuration();
        final VerificationReport report = verified(directory, new VerificationOptions(
            Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors()),
            configuration.flatMap(Configuration::localDirectory),
            configuration.flatMap(Configuration::archiveDirectory), () -> Claim.user(directory)));
        if (common.isJson()) {
            common.line(report.toJson());
        } else {
            report.faults().forEach(fault -> common.line("FAULT " + fault));
            report.notes().stream().map(Finding::toString).forEach(common::say);
        }
        requireConsistent(report);
        if (!common.isJson()) {
            common.line(String.format(Locale.ROOT, "verified to height %d: %d transactions, %d signatures, %d certificates, "
                + "%d datasets, %d blobs, %d MiB in %.1f s", report.height(), report.counts().transactions(),
                report.counts().signatures(), report.counts().certificates(), report.counts().datasets(),
                report.counts().blobs(), report.counts().bytes() >> 20, report.seconds()));
        }
        return Exit.DONE.code();
    }

    /** Ends the command if anything is wrong. */
    static void requireConsistent(final VerificationReport report) {
        if (!report.consistent() && report.overtaken()) {
            throw new CommandException(Exit.UNAVAILABLE, "a service was started while this verified the ledger at rest, "
                + "so what was found may be what it wrote meanwhile: " + report.faults().get(0), "run it again");
        }
        if (!report.consistent()) {
            throw new CommandException(Exit.UNVERIFIED, report.faultCount() + " fault"
                + (report.faultCount() == 1 ? "" : "s") + (report.faults().isEmpty() ? "" : ", the first: "
                + report.faults().get(0)), "what a journal has lost its replica gets from "
                + "its peers while the service runs, a blob comes back when its owner publishes it again; on what was altered, do not rely");
        }
    }
}
