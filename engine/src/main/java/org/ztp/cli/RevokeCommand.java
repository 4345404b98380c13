package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.contract.Identity;
import org.ztp.contract.transaction.Revoke;
import org.ztp.crypto.SshPrivateKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp revoke}. */
@Command(name = "revoke", mixinStandardHelpOptions = true,
    description = "Let seekers not ask for a dataset any more. What they got already cannot be taken back.")
final class RevokeCommand implements Callable<Integer> {
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
        if (identities.size() > Revoke.MAX_SEEKERS) {
            throw new CommandException(Exit.USAGE, "seekers: limit=" + Revoke.MAX_SEEKERS + " actual="
                + identities.size(), "revoke them in several runs");
        }
        final Revoke revoke = Revoke.of(SharingOptions.dataset(dataset), identities.stream().map(Identity::key).toList());
        try (SshPrivateKey key = KeyFile.read(keyFile);
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final Ledger.Settled settled = ledger.submitProven(key.key(), revoke.encode());
            common.result(Map.of("dataset", dataset, "transaction", settled.id(), "height", settled.height(), "detail",
                settled.detail()), "revoked at height " + settled.height() + " (" + settled.detail() + ")");
        }
        return Exit.DONE.code();
    }
}
