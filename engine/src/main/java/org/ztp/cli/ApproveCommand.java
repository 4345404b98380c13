package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.ledger.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp approve}. */
@Command(name = "approve", mixinStandardHelpOptions = true, description = "Approve a request that waits for approvals.")
final class ApproveCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "REQUEST", description = "The request, as the seeker's ztp request or ztp log tells it.")
    private String request;
    @Option(names = "--key", required = true, paramLabel = "APPROVER", description = "The approver's private key.")
    private Path keyFile;

    @Override
    public Integer call() throws IOException {
        final TransactionId id = TransactionId.parse(request).orElseThrow(() -> new CommandException(Exit.USAGE,
            "not the name of a request: " + request, "find it with: ztp log"));
        try (SshPrivateKey key = KeyFile.read(keyFile);
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final Ledger.Settled settled = ledger.submitProven(key.key(), new Approve(id).encode());
            if (settled.code() == Outcome.Code.DENIED) {
                throw new CommandException(Exit.DENIED, "the approval came, and the request was denied: "
                    + settled.detail(), "the seeker may ask anew where the contract allows it");
            }
            final Map<String, Object> document = new LinkedHashMap<>();
            document.put("request", id.toString());
            settled.tell(document);
            common.result(document, "approved at height " + settled.height()
                + (settled.detail().isEmpty() ? "" : ": " + settled.detail()));
        }
        return Exit.DONE.code();
    }
}
