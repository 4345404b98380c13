package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ztp.client.ShellWord;
import org.ztp.contract.Contract;
import org.ztp.contract.PolicyException;
import org.ztp.contract.PolicyFile;
import org.ztp.contract.transaction.Publish;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Outcome;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.SharingException;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp publish}. */
@Command(name = "publish", mixinStandardHelpOptions = true,
    description = "Encrypt a file and publish it under a policy; the last line of stdout is the dataset's id.",
    footer = {"", "A policy, in HOCON: seekers = [PUBKEY, ...]; rules { not-before, not-after, embargo-until = TIME, "
        + "max-requests = N, purpose = required, approvals { count = N, approvers = [PUBKEY, ...] } }; chunks = [ { range = "
        + "\"A-B\", seekers = [...], rules { ... } }, ... ]. All but seekers may be left out; a PUBKEY is the line of a public "
        + "key, or a file that is found from the policy's directory, a TIME such as 2026-01-01T00:00:00Z. See POLICY.md."})
final class PublishCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "FILE", description = "What is published; nobody may write to it meanwhile.")
    private Path file;
    @Option(names = "--key", required = true, paramLabel = "OWNER", description = "The owner's private key.")
    private Path keyFile;
    @Option(names = "--policy", required = true, paramLabel = "POLICY", description = "Who may have it, and how.")
    private Path policyFile;
    @Option(names = "--name", paramLabel = "NAME", description = "For people (default: the file's name).")
    private String name;
    @Option(names = "--chunk-size", paramLabel = "BYTES", defaultValue = "4MiB",
        description = "4KiB .. 64MiB (default: ${DEFAULT-VALUE}).")
    private String chunkSize;

    @Override
    public Integer call() throws IOException {
        final String shown = name != null ? name : String.valueOf(file.getFileName());
        final int threads = common.configuration(null).threads();
        try (SshPrivateKey key = KeyFile.read(keyFile)) {
            final int chunkBytes = SharingOptions.chunkBytes(chunkSize);
            final int chunks = Publishing.describe(file, shown, chunkBytes).chunks();
            final Contract contract = policy(chunks);
            try (Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs());
                 Progress progress = Progress.bytes(common, "Encrypting", Files.size(file))) {
                final Publishing publishing = new Publishing(SharingGroup.forNewDataset(ledger).keys(),
                    SharingOptions.blobs(common.directory()), new SystemRandomness(), threads);
                final Publish publish;
                final UndoneAtExit exit = UndoneAtExit.begin();
                try {
                    publish = publishing.publish(file, shown, chunkBytes, key.key().verifyKey(), contract, progress::add);
                } finally {
                    exit.end();
                }
                final Hash id = Publish.id(ledger.genesis().chain(), Hash.of(key.key().verifyKey().bytes()),
                    publish.nonce());
                tell(publish, submit(ledger, publishing, publish, id, key), id);
            }
        } catch (final SharingException failure) {
            throw SharingFailures.end(failure);
        } catch (final PolicyException wrong) {
            throw new CommandException(Exit.USAGE, wrong.getMessage(), wrong.hint());
        }
        return Exit.DONE.code();
    }

    /** A policy may come through a pipe; one that nobody writes to is not waited for longer than for a service. */
    private Contract policy(final int chunks) throws PolicyException {
        final FutureTask<Contract> reading = new FutureTask<>(() -> PolicyFile.read(policyFile, chunks, 1));
        final Thread reader = new Thread(reading, "ztp-policy");
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get(service.timeoutNs(), TimeUnit.NANOSECONDS);
        } catch (final TimeoutException nothing) {
            throw new CommandException(Exit.USAGE, policyFile + " gives no policy within "
                + service.timeoutNs() / 100_000_000 / 10.0 + " s", "if it is a pipe, something must write to it, and end");
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted("");
        } catch (final ExecutionException failed) {
            if (failed.getCause() instanceof PolicyException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /**
     * Ciphertexts that no transaction will ever name are removed: that of their transaction was never handed in, or is
     * proven to be invalid. If that is not certain they stay, whatever the service says, and the dataset is named.
     */
    private Ledger.Settled submit(final Ledger ledger, final Publishing publishing, final Publish publish,
                                  final Hash id, final SshPrivateKey key) throws SharingException {
        final Bundle bundle;
        try {
            bundle = ledger.seal(key.key(), publish.encode());
        } catch (final CommandException tooLarge) {
            publishing.withdraw(publish);
            throw tooLarge;
        }
        final Ledger.Settled settled = settle(ledger, bundle, id);
        if (settled.code() == Outcome.Code.INVALID) {
            publishing.withdraw(publish);
        }
        return Ledger.valid(settled);
    }

    private Ledger.Settled settle(final Ledger ledger, final Bundle bundle, final Hash id) {
        final AtExit atExit = AtExit.begin(() -> common.error(
            uncertain(new CommandException(Exit.UNAVAILABLE, "stopped by a signal", ""), id)));
        try {
            return ledger.settle(bundle);
        } catch (final CommandException end) {
            throw uncertain(end, id);
        } finally {
            atExit.end();
        }
    }

    /** The same end, which tells that the dataset may be there all the same: to publish it again makes another one. */
    private CommandException uncertain(final CommandException end, final Hash id) {
        return new CommandException(end.exit(), end.getMessage() + "; dataset " + id
            + " was handed in and may be published", (end.hint().isEmpty() ? "" : end.hint() + "; ")
            + "see whether it is before you publish it again: ztp log --dataset " + id + " --dir "
            + ShellWord.of(common.directory().root()), end);
    }

    private void tell(final Publish publish, final Ledger.Settled settled, final Hash id) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("dataset", id.toString());
        document.put("name", publish.dataset().name());
        document.put("chunks", publish.dataset().chunks());
        settled.tell(document);
        final int chunks = publish.dataset().chunks();
        common.say(chunks + (chunks == 1 ? " chunk is" : " chunks are") + " encrypted, final at height "
            + settled.height());
        if (publish.contract().rangesBySeeker().isEmpty()) {
            common.say("the policy names no seeker: nobody can get it until one is granted access, with: ztp grant "
                + id + " --key OWNER --seeker PUBKEY --dir " + ShellWord.of(common.directory().root()));
        }
        common.result(document, id.toString());
    }
}
