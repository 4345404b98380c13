package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.transaction.Grant;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.privacy.Granting;
import org.ztp.privacy.SharingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp grant}. */
@Command(name = "grant", mixinStandardHelpOptions = true, description = "Let more seekers ask for a dataset.")
final class GrantCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset;
    @Option(names = "--key", required = true, paramLabel = "OWNER", description = "The owner's private key.")
    private Path keyFile;
    @Option(names = "--seeker", required = true, arity = "1..*", paramLabel = "PUBKEY",
        description = "A .pub file or its line.")
    private List<String> seekers;

    @Override
    public Integer call() throws IOException {
        final List<Identity> identities = SharingOptions.identities(seekers);
        try (SshPrivateKey key = KeyFile.read(keyFile);
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final DatasetHistory history = DatasetHistory.of(ledger, SharingOptions.dataset(dataset));
            final Contract next = history.contract().granting(identities);
            final Grant grant = new Granting(SharingGroup.of(ledger.genesis(), history.id()).keys(),
                new SystemRandomness())
                .grant(history.publish(), key.key(), next, history.held());
            final Ledger.Settled settled = ledger.submitProven(key.key(), grant.encode());
            common.result(Map.of("dataset", dataset, "version", next.version(), "transaction", settled.id(), "height",
                settled.height()), "contract version " + next.version() + " is final at height " + settled.height());
        } catch (final SharingException failure) {
            throw SharingFailures.end(failure);
        }
        return Exit.DONE.code();
    }
}
