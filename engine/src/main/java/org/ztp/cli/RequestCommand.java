package org.ztp.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.client.ShellWord;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.rules.RequestState;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.Outcome;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.OutputFile;
import org.ztp.privacy.Receiving;
import org.ztp.privacy.SharingException;
import org.ztp.release.SeekerRelease;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp request}. */
@Command(name = "request", mixinStandardHelpOptions = true,
    description = "Ask for a dataset and write its plain bytes; exit 3 with the reason when the contract denies it.")
final class RequestCommand implements Callable<Integer> {
    private static final long LOOK_NS = 200_000_000;

    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset;
    @Option(names = "--key", required = true, paramLabel = "SEEKER", description = "The seeker's private key.")
    private Path keyFile;
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to; appears whole or not at all. A "
        + "request that could not be served stays in .FILE.request beside it, and the same command goes on with that.")
    private Path out;
    @Option(names = "--chunks", paramLabel = "A-B", description = "Only these chunks (default: all).")
    private String chunks;
    @Option(names = "--purpose", paramLabel = "TEXT", defaultValue = "",
        description = "What for; it is on the ledger, as is $SLURM_JOB_ID if that is set.")
    private String purpose;

    @Override
    public Integer call() throws IOException {
        if (purpose.getBytes(StandardCharsets.UTF_8).length > Request.MAX_PURPOSE_BYTES) {
            throw new CommandException(Exit.USAGE, "purpose: limit=" + Request.MAX_PURPOSE_BYTES + " bytes", "shorten it");
        }
        if (Files.exists(out) && Files.exists(keyFile) && Files.isSameFile(out, keyFile)) {
            throw new CommandException(Exit.USAGE, out + " is the key itself", "give another name with --out");
        }
        final int threads = common.configuration(null).threads();
        try (SshPrivateKey key = KeyFile.read(keyFile); OutputFile file = OutputFile.create(out);
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final DatasetHistory history = DatasetHistory.of(ledger, SharingOptions.dataset(dataset));
            final ChunkRange range = SharingOptions.chunks(chunks, history.publish().dataset().chunks());
            try (UnservedRequest request = request(key.key(), history.id(), range)) {
                serve(request, ledger, history, range, key.key(), file, threads);
            }
        } catch (final SharingException failure) {
            throw SharingFailures.end(failure);
        }
        return Exit.DONE.code();
    }

    /** The request that an earlier run of this command could not bring to its end, or a new one. */
    private UnservedRequest request(final SigningKey seeker, final Hash id, final ChunkRange range) throws IOException {
        final String job = Optional.ofNullable(System.getenv("SLURM_JOB_ID"))
            .filter(text -> text.length() <= Request.MAX_JOB_BYTES).orElse("");
        final Request wanted = new Request(id, range, purpose, Hash.ZERO, job);
        final Path kept = UnservedRequest.beside(out);
        final Optional<UnservedRequest> left = UnservedRequest.left(kept, seeker, wanted);
        if (left.isPresent()) {
            common.say("going on with the request of an earlier run: " + kept);
            return left.get();
        }
        if (Files.exists(kept)) {
            common.say("an earlier run asked for something else, which is given up: " + kept);
        }
        return UnservedRequest.begin(kept, seeker, wanted, new SystemRandomness());
    }

    private void serve(final UnservedRequest request, final Ledger ledger, final DatasetHistory history,
                       final ChunkRange range, final SigningKey seeker, final OutputFile file, final int threads)
            throws IOException {
        boolean ended = false;
        try {
            final Ledger.Settled asked = ask(request, ledger, seeker);
            ended = asked.code() == Outcome.Code.INVALID;
            final TransactionId id = Ledger.valid(asked).id();
            final SharingGroup group = SharingGroup.of(ledger.genesis(), history.id());
            receive(ledger, history, new SeekerRelease(group.keys(), group.ids(), id, history.id(), range,
                request.fresh()), seeker, file, threads);
            ended = true;
        } catch (final CommandException end) {
            ended |= end.exit() == Exit.DENIED;
            throw ended ? end : stays(end, request);
        } catch (final SharingException end) {
            throw stays(SharingFailures.end(end), request);
        } finally {
            if (ended) {
                request.forget();
            }
        }
    }

    /** The same end, whose hint tells that the request is kept. */
    private static CommandException stays(final CommandException end, final UnservedRequest request) {
        return new CommandException(end.exit(), end.getMessage(), (end.hint().isEmpty()
            ? "ztp status tells how the replicas are" : end.hint()) + "; the same command goes on with it: " + request.file());
    }

    /** Gets the keys and the bytes; that the request is refused is what the ledger proves. */
    private void receive(final Ledger ledger, final DatasetHistory history, final SeekerRelease release,
                         final SigningKey seeker, final OutputFile file, final int threads) throws SharingException {
        final Refusal refusal = new Refusal(ledger, history.id(), release.request(),
            Hash.of(seeker.verifyKey().bytes()), release.chunks());
        final SeekerPart part = history.part(ledger, allowed(refusal).part(), refusal.seeker(), refusal.chunks());
        final KeyRelease from = new KeyRelease(refusal, history, part, release, seeker, common::say);
        final ChunkRange range = release.chunks();
        try (ChunkKeys keys = from.keys();
             Progress progress = Progress.bytes(common, "Decrypting", bytes(history, range))) {
            new Receiving(SharingOptions.blobs(common.directory()), threads).receive(
                release.keys().context(history.owner(), history.publish()), history.publish(), keys, file, progress::add);
        } finally {
            from.recordEvidence();
        }
        tell(history, range, release.request());
    }

    private Ledger.Settled ask(final UnservedRequest request, final Ledger ledger, final SigningKey seeker) {
        final Ledger.Settled settled = ledger.settleUnlessRefused(request.seal(ledger, seeker));
        if (settled.code() == Outcome.Code.DENIED) {
            throw Refusal.denied(settled.id(), settled.detail());
        }
        if (settled.code() == Outcome.Code.PENDING) {
            common.say("waiting for approvals: ztp approve " + settled.id() + " --key APPROVER --dir "
                + ShellWord.of(common.directory().root()));
        }
        return settled;
    }

    /** Waits until the request is allowed. */
    private RequestState allowed(final Refusal refusal) {
        final RequestState state = Polling.until(now -> now.status() != RequestState.Status.PENDING, service.timeoutNs(),
            LOOK_NS, () -> state(refusal));
        return switch (state.status()) {
            case ALLOWED -> state;
            case DENIED, CLOSED -> throw refusal.after(state.reason());
            case PENDING -> throw new CommandException(Exit.UNAVAILABLE, "request " + refusal.request()
                + " still waits for approvals", "let the approvers know, and run it again: it goes on with this request");
        };
    }

    private static RequestState state(final Refusal refusal) {
        return RequestState.parse(refusal.ask(new ServiceRequest.RequestState(refusal.request()),
            ServiceReply.RequestStanding.class).state()).orElseThrow(() -> new CommandException(Exit.UNVERIFIED,
            "the service gave a state that is none", "use the same version of ztp as the service"));
    }

    private static long bytes(final DatasetHistory history, final ChunkRange range) {
        return history.publish().dataset().chunkOffset(range.last())
            + history.publish().dataset().chunkLength(range.last())
            - history.publish().dataset().chunkOffset(range.first());
    }

    private void tell(final DatasetHistory history, final ChunkRange range, final TransactionId id) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("file", out.toString());
        document.put("bytes", bytes(history, range));
        document.put("request", id.toString());
        common.result(document, bytes(history, range) + " bytes in " + out);
    }
}
