package org.ztp.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.cluster.GenesisText;
import org.ztp.cluster.GenesisVoters;
import org.ztp.crypto.VerifyKeys;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptText;
import org.ztp.ledger.receipt.ReceiptVerdict;
import org.ztp.ledger.receipt.ReceiptVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp verify-receipt}. */
@Command(name = "verify-receipt", mixinStandardHelpOptions = true,
    description = "Check a receipt with nothing but the genesis; exit 5 if it does not hold.")
final class VerifyReceiptCommand implements Callable<Integer> {
    private static final long MAX_BYTES = 256L << 20;

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
        if (Files.size(file) > MAX_BYTES) {
            throw new CommandException(Exit.UNVERIFIED, file + " is too long for a receipt", "");
        }
        final Receipt receipt = ReceiptText.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).orElseThrow(() -> new CommandException(
            Exit.UNVERIFIED, file + " is no receipt, or was edited", "get it again with: ztp receipt TX"));
        final ReceiptVerdict verdict = new ReceiptVerifier(genesis.chain(), GenesisVoters.of(genesis),
            GenesisVoters.clients(new VerifyKeys(16))).verify(receipt);
        if (!verdict.good()) {
            throw new CommandException(Exit.UNVERIFIED, file + ": " + verdict.fault() + ": " + verdict.detail(),
                "do not rely on it");
        }
        common.result(Map.of("transaction", receipt.id(), "height", receipt.finality().header().height(),
                "outcome", receipt.outcome().code().name(), "outcomeProven", verdict.outcomeProven()),
            "%s is final at height %d: %s%s".formatted(receipt.id(), receipt.finality().header().height(),
                receipt.outcome().code(), verdict.outcomeProven() ? "" : " (the outcome is not proven in this receipt)"));
        return Exit.DONE.code();
    }
}
