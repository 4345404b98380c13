package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp approve}. */
@Command(name = "approve", mixinStandardHelpOptions = true,
    description = "Approve a request that waits for approvals, after it was told, proven, who asks for what.")
final class ApproveCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "REQUEST", description = "The request, as the seeker's ztp request or ztp log tells it.")
    private String request;
    @Option(names = "--key", required = true, paramLabel = "APPROVER", description = "The approver's private key.")
    private Path keyFile;
    @Option(names = "--seeker", paramLabel = "PUBKEY", description = "Who must have asked, a .pub file or its line; if it "
        + "was somebody else, nothing is approved (exit 5).")
    private String seeker;
    @Option(names = "--dataset", paramLabel = "DATASET", description = "What must have been asked for, likewise.")
    private String dataset;

    @Override
    public Integer call() throws IOException {
        final TransactionId id = TransactionId.parse(request).orElseThrow(() -> new CommandException(Exit.USAGE,
            "not the name of a request: " + request, "find it with: ztp log"));
        final Optional<Hash> who = seeker == null ? Optional.empty()
            : Optional.of(SharingOptions.identities(List.of(seeker)).get(0).key());
        final Optional<Hash> what = Optional.ofNullable(dataset).map(SharingOptions::dataset);
        try (SshPrivateKey key = KeyFile.read(keyFile);
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final ProvenRequest asked = ProvenRequest.of(ledger, id);
            common.say(asked.words());
            who.ifPresent(expected -> asked.require("seeker", expected, asked.seeker()));
            what.ifPresent(expected -> asked.require("dataset", expected, asked.request().dataset()));
            final Ledger.Settled settled = ledger.submit(key.key(), new Approve(id).encode());
            if (settled.code() == Outcome.Code.DENIED) {
                throw new CommandException(Exit.DENIED, "the approval came, and the request was denied: "
                    + settled.detail(), "the seeker may ask anew where the contract allows it");
            }
            final Map<String, Object> document = new LinkedHashMap<>();
            document.put("request", id.toString());
            asked.tell(document);
            settled.tell(document);
            common.result(document, "approved at height " + settled.height()
                + (settled.detail().isEmpty() ? "" : ": " + settled.detail()));
        }
        return Exit.DONE.code();
    }
}
