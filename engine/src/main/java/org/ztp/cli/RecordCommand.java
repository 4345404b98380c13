package org.ztp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ztp.client.Connection;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubClusters;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp record}. */
@Command(name = "record", mixinStandardHelpOptions = true,
    description = "Record each line of a file or of stdin; tells how many became final.")
final class RecordCommand implements Callable<Integer> {
    private static final int SPARE_BYTES = 4096;

    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "FILE", arity = "0..1", defaultValue = "-", description = "The lines; - for stdin.")
    private String file;
    @Option(names = "--key", required = true, paramLabel = "KEY", description = "The private key that signs.")
    private Path keyFile;
    @Option(names = "--entity", paramLabel = "ID", defaultValue = "", description = "What the records are about.")
    private String entity;
    @Option(names = "--submission", paramLabel = "ID",
        description = "32 hexadecimal digits: the same input with the same ID is recorded once, other input with it is "
            + "refused (default: a fresh one).")
    private String submission;
    /** Records of the bundles that are not settled, in their order. */
    private final ArrayDeque<Integer> counts = new ArrayDeque<>();
    private long duplicates;
    private long recordsBefore;
    /** Final ones; a signal has them told. */
    private volatile long bundles;
    /** Whether a bundle was handed in. */
    private volatile boolean isBegun;
    private long height;

    @Override
    public Integer call() throws IOException {
        if (entity.getBytes(StandardCharsets.UTF_8).length > RecordTransaction.MAX_ENTITY_BYTES) {
            throw new CommandException(Exit.USAGE, "entity: limit=" + RecordTransaction.MAX_ENTITY_BYTES + " bytes", "");
        }
        if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
            throw new CommandException(Exit.USAGE, file + " is a directory", "name a file with lines, or - for stdin");
        }
        final Optional<byte[]> given = Optional.ofNullable(submission).map(RecordCommand::parse);
        final Genesis genesis = common.genesis();
        final byte[] id;
        final long records;
        try (SshPrivateKey key = KeyFile.read(keyFile);
             InputStream input = file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
             Connection connection = Replies.connect(service.connector(common))) {
            id = given.orElseGet(() -> newSubmission(genesis, client(key), connection));
            records = record(genesis, key, id, input, connection);
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("records", records);
        document.put("alreadyThere", duplicates);
        document.put("recordsAlreadyThere", recordsBefore);
        document.put("bundles", bundles);
        document.put("height", height);
        document.put("submission", HexFormat.of().formatHex(id));
        common.result(document, records + " records are final" + (duplicates == 0 ? ""
            : " (" + duplicates + " of " + bundles + " bundles were already)"));
        return Exit.DONE.code();
    }

    /** A new submission: of several sub-clusters, that of the rank which takes the records in is to have them. */
    private byte[] newSubmission(final Genesis genesis, final Hash client, final Connection connection) {
        final SubClusters all = SubClusters.of(genesis);
        if (all.count() > 1) {
            final Optional<Integer> server = StatusText.read(Replies.ask(connection, new ServiceRequest.Status(),
                ServiceReply.StatusText.class, service.timeoutNs()), status -> status.hasPath("servedByReplica")
                ? Optional.of(StatusText.index(status, "servedByReplica", genesis.replicas().size()))
                : Optional.empty());
            if (server.isPresent()) {
                return all.newSubmission(client, genesis.replicas().get(server.get()).subCluster(),
                    new SystemRandomness());
            }
        }
        return new SystemRandomness().bytes(Bundle.SUBMISSION_BYTES);
    }

    private static Hash client(final SshPrivateKey key) {
        return Hash.of(key.key().verifyKey().bytes());
    }

    private long record(final Genesis genesis, final SshPrivateKey key, final byte[] id, final InputStream input,
                        final Connection connection) throws IOException {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), client(key), id, key.key()::sign);
        final int maxLine = (int) genesis.limits().bundleBytes() - SPARE_BYTES;
        final Submitter.Proofs proofs = new BundleReceipts(genesis, service.timeoutNs());
        final AtExit atExit = AtExit.begin(() -> tellSignal(id));
        try (Submitter submitter = new Submitter(service.connector(common), connection, service.timeoutNs(),
            this::count, Optional.of(proofs)); Progress progress = Progress.records(common)) {
            return recordAll(new Recorder(builder, entity, maxLine, bundle -> {
                counts.add(bundle.count());
                isBegun = true;
                submitter.submit(bundle);
                progress.add(bundle.count());
            }), submitter, input);
        } catch (final CommandException end) {
            throw unfinished(end, id);
        } catch (final IOException unreadable) {
            throw unfinished(new CommandException(Exit.USAGE, Failures.describe(unreadable),
                "check the path, and who may use it", unreadable), id);
        } finally {
            atExit.end();
        }
    }

    /** What was handed in of lines that end in something bad becomes final before that is told. */
    private static long recordAll(final Recorder recorder, final Submitter submitter, final InputStream input)
            throws IOException {
        final long records;
        try {
            records = recorder.recordAll(input);
        } catch (final IOException | CommandException bad) {
            if (!(bad instanceof CommandException end) || end.exit() == Exit.USAGE) {
                finish(submitter, bad);
            }
            throw bad;
        }
        submitter.finish();
        return records;
    }

    private static void finish(final Submitter submitter, final Exception bad) {
        try {
            submitter.finish();
        } catch (final CommandException unfinished) {
            bad.addSuppressed(unfinished);
        }
    }

    private void tellSignal(final byte[] id) {
        if (isBegun) {
            common.error(unfinished(new CommandException(Exit.UNAVAILABLE, "stopped by a signal", ""), id));
        }
    }

    /** The same end; once lines were handed in it names a submission that nobody knows, and how far it came. */
    private CommandException unfinished(final CommandException end, final byte[] id) {
        if (!isBegun || submission != null && end.exit() != Exit.UNAVAILABLE) {
            return end;
        }
        return new CommandException(end.exit(), end.getMessage() + "; " + bundles + " bundles are final",
            (end.hint().isEmpty() ? "" : end.hint() + "; ") + "run it again with --submission "
            + HexFormat.of().formatHex(id) + ": nothing is recorded twice", end);
    }

    private void count(final Submitted submitted) {
        bundles = bundles + 1;
        final int records = counts.remove();
        if (submitted.status() == Submitted.Status.DUPLICATE) {
            duplicates++;
            recordsBefore += records;
        }
        height = Math.max(height, submitted.height());
    }

    private static byte[] parse(final String text) {
        try {
            final byte[] id = HexFormat.of().parseHex(text);
            if (id.length == Bundle.SUBMISSION_BYTES) {
                return id;
            }
        } catch (final IllegalArgumentException notHex) {
            throw badSubmission(text);
        }
        throw badSubmission(text);
    }

    private static CommandException badSubmission(final String text) {
        return new CommandException(Exit.USAGE, "submission: expected=32 hexadecimal digits actual=" + text,
            "leave --submission out for a fresh one");
    }
}
