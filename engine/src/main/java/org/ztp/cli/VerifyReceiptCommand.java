package org.ztp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.cluster.GenesisText;
import org.ztp.cluster.GenesisVoters;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionKind;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptText;
import org.ztp.ledger.receipt.ReceiptVerdict;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp verify-receipt}. */
@Command(name = "verify-receipt", mixinStandardHelpOptions = true,
    description = "Check a receipt with nothing but the genesis; exit 5 if it does not hold.")
final class VerifyReceiptCommand implements Callable<Integer> {
    private static final int MAX_BYTES = 256 << 20;

    @Mixin
    private Common common;
    @Parameters(paramLabel = "FILE", description = "What ztp receipt printed.")
    private Path file;
    @Option(names = "--genesis", required = true, paramLabel = "GENESIS", description = "The ledger's genesis.conf.")
    private Path genesisFile;

    @Override
    public Integer call() throws IOException {
        final Genesis genesis;
        try {
            genesis = GenesisText.read(genesisFile);
        } catch (final GenesisException wrong) {
            throw new CommandException(Exit.USAGE, wrong.getMessage(), "give the genesis.conf of the ledger");
        }
        if (Files.isDirectory(file)) {
            throw new CommandException(Exit.USAGE, file + " is a directory", "name what ztp receipt printed");
        }
        final byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new CommandException(Exit.UNVERIFIED, file + " is too long for a receipt",
                "get it again with: ztp receipt TX");
        }
        final String text = new String(bytes, StandardCharsets.UTF_8);
        final Receipt receipt = ReceiptText.parse(text).orElseThrow(() -> new CommandException(Exit.UNVERIFIED,
            file + " is no receipt, or was edited", "get it again with: ztp receipt TX"));
        final ReceiptVerdict verdict = new ReceiptVerifier(genesis.chain(), GenesisVoters.of(genesis),
            GenesisVoters.clients(new VerifyKeys(16))).verify(receipt);
        if (!verdict.good()) {
            throw new CommandException(Exit.UNVERIFIED, file + ": " + verdict.fault() + ": " + verdict.detail(),
                "do not rely on it");
        }
        tell(receipt, verdict.outcomeProven());
        return Exit.DONE.code();
    }

    /** What is proven: the transaction itself, too, as far as it is for people. */
    private void tell(final Receipt receipt, final boolean outcomeProven) {
        final byte[] transaction = receipt.transaction().transaction();
        final String kind = transaction.length == 0 ? "" : TransactionKind.name(transaction[0] & 0xff);
        final String entity = RecordTransaction.parse(transaction, 0, transaction.length).map(RecordTransaction::entity)
            .orElse("");
        final String text = TransactionKind.text(transaction, 0, transaction.length);
        final Optional<Request> asked = Request.parse(transaction, 0, transaction.length);
        final String time = Instant.ofEpochMilli(receipt.finality().header().timeMillis()).toString();
        final Hash client = receipt.transaction().bundle().client();
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("transaction", receipt.id());
        document.put("height", receipt.finality().header().height());
        document.put("time", time);
        document.put("client", client);
        document.put("kind", kind);
        document.put("entity", entity);
        document.put("text", text);
        asked.ifPresent(request -> {
            document.put("dataset", request.dataset().toString());
            document.put("chunks", request.chunks().toString());
        });
        document.put("outcome", receipt.outcome().code().name());
        document.put("outcomeProven", outcomeProven);
        common.result(document, String.format(Locale.ROOT,
            "%s is final at height %d: %s%s%n%s  %s%s%s  by %s", receipt.id(),
            receipt.finality().header().height(), receipt.outcome().code(),
            outcomeProven ? "" : " (the outcome is not proven in this receipt)", time, kind
                + asked.map(request -> "  chunks " + request.chunks() + " of dataset " + request.dataset()).orElse(""),
            entity.isEmpty() ? "" : "  " + Printable.of(entity), text.isEmpty() ? "" : "  " + Printable.quoted(text), client));
    }
}
