package org.ztp.cli;

import java.util.concurrent.Callable;
import org.ztp.client.Connection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ztp receipt}. */
@Command(name = "receipt", mixinStandardHelpOptions = true,
    description = "Print the proof of one transaction (JSON), to be checked with verify-receipt.")
final class ReceiptCommand implements Callable<Integer> {
    private static final long PROOF_NS = 2_000_000_000L;

    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "TX", description = "The transaction: <bundle id>.<index>, as ztp log tells it.")
    private String transaction;

    @Override
    public Integer call() {
        common.genesis();
        final TransactionId id = TransactionId.parse(transaction).orElseThrow(() -> new CommandException(Exit.USAGE,
            "not the name of a transaction: " + transaction, "find it with: ztp log"));
        try (Connection connection = Replies.connect(service.connector(common))) {
            final Receipt receipt = Polling.until(ReceiptCommand::isWhole, Math.min(service.timeoutNs(), PROOF_NS),
                Polling.SOON_NS, () -> receipt(connection, id));
            common.line(ReceiptText.format(receipt).stripTrailing());
        }
        return Exit.DONE.code();
    }

    private Receipt receipt(final Connection connection, final TransactionId id) {
        final byte[] bytes = Replies.ask(connection, new ServiceRequest.ReceiptOf(id), ServiceReply.Receipt.class,
            service.timeoutNs()).receipt();
        return Receipt.decode(bytes).orElseThrow(() -> new CommandException(Exit.UNVERIFIED,
            "the service gave a receipt that is none", "ask another replica"));
    }

    /** What came of a transaction that is no record is proven a moment after it is final, by the block above. */
    private static boolean isWhole(final Receipt receipt) {
        return receipt.outcomeProof().isPresent()
            || receipt.transaction().transaction()[0] == RecordTransaction.KIND;
    }
}
