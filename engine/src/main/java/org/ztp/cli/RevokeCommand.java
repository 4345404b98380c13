package org.ztp.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.ztp.contract.Identity;
import org.ztp.contract.transaction.Revoke;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ztp revoke}. */
@Command(name = "revoke", mixinStandardHelpOptions = true,
    description = "Let seekers not ask for a dataset any more. What they got already cannot be taken back.")
final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Mixin
    private SeekersOfDataset named;

    @Override
    public Integer call() throws IOException {
        final List<Identity> identities = named.seekers();
        if (identities.size() > Revoke.MAX_SEEKERS) {
            throw new CommandException(Exit.USAGE, "seekers: limit=" + Revoke.MAX_SEEKERS + " actual="
                + identities.size(), "revoke them in several runs");
        }
        final Hash dataset = named.dataset();
        final Revoke revoke = Revoke.of(dataset, identities.stream().map(Identity::key).toList());
        try (SshPrivateKey key = KeyFile.read(named.keyFile());
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final Ledger.Settled settled = ledger.submit(key.key(), revoke.encode());
            common.result(named.changed(settled), "revoked at height " + settled.height() + " ("
                + settled.detail() + ")");
        }
        return Exit.DONE.code();
    }
}
