package org.ztp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.cluster.Genesis;
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
        description = "32 hexadecimal digits: the same input with the same ID is recorded once (default: a fresh one).")
    private String submission;
    private long duplicates;
    private long bundles;
    private long height;

    @Override
    public Integer call() throws IOException {
        if (entity.getBytes(StandardCharsets.UTF_8).length > RecordTransaction.MAX_ENTITY_BYTES) {
            throw new CommandException(Exit.USAGE, "entity: limit=" + RecordTransaction.MAX_ENTITY_BYTES + " bytes", "");
        }
        final byte[] id = submission == null ? new SystemRandomness().bytes(Bundle.SUBMISSION_BYTES) : parse(submission);
        final Genesis genesis = common.genesis();
        final long records;
        try (SshPrivateKey key = KeyFile.read(keyFile);
             InputStream input = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            records = record(genesis, key, id, input);
        } catch (final CommandException unfinished) {
            if (unfinished.exit() != Exit.UNAVAILABLE || !unfinished.hint().isEmpty()) {
                throw unfinished;
            }
            throw new CommandException(unfinished.exit(), unfinished.getMessage() + "; " + bundles
                + " bundles are final", "run it again with --submission " + HexFormat.of().formatHex(id)
                + ": nothing is recorded twice");
        }
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("records", records);
        document.put("alreadyThere", duplicates);
        document.put("bundles", bundles);
        document.put("height", height);
        document.put("submission", HexFormat.of().formatHex(id));
        common.result(document, records + " records are final" + (duplicates == 0 ? ""
            : " (" + duplicates + " of " + bundles + " bundles were already)"));
        return Exit.DONE.code();
    }

    private long record(final Genesis genesis, final SshPrivateKey key, final byte[] id, final InputStream input)
            throws IOException {
        final Hash client = Hash.of(key.key().verifyKey().bytes());
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), client, id, key.key()::sign);
        final int maxLine = (int) genesis.limits().bundleBytes() - SPARE_BYTES;
        try (Submitter submitter = new Submitter(service.connector(common), service.timeoutNs(),
            this::count); Progress progress = Progress.records(common)) {
            final long records = new Recorder(builder, entity, maxLine, bundle -> {
                submitter.submit(bundle);
                progress.add(bundle.count());
            }).recordAll(input);
            submitter.finish();
            return records;
        }
    }

    private void count(final Submitted submitted) {
        bundles++;
        duplicates += submitted.status() == Submitted.Status.DUPLICATE ? 1 : 0;
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
