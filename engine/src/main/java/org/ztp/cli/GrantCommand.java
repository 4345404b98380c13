package org.ztp.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.rules.Unentitled;
import org.ztp.contract.transaction.Grant;
import org.ztp.crypto.SshPrivateKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.privacy.Granting;
import org.ztp.privacy.SharingException;
import org.ztp.wire.Hash;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ztp grant}. */
@Command(name = "grant", mixinStandardHelpOptions = true, description = "Let more seekers ask for a dataset.")
final class GrantCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Mixin
    private ServiceOptions service;
    @Mixin
    private SeekersOfDataset named;

    @Override
    public Integer call() throws IOException {
        final List<Identity> identities = named.seekers();
        try (SshPrivateKey key = KeyFile.read(named.keyFile());
             Ledger ledger = new Ledger(common.genesis(), service.connector(common), service.timeoutNs())) {
            final DatasetHistory history = DatasetHistory.of(ledger, named.dataset());
            final Hash signer = Hash.of(key.key().verifyKey().bytes());
            if (!history.owner().equals(signer)) {
                throw new CommandException(Exit.DENIED, Unentitled.notOwner(history.owner(), signer),
                    "sign with the key that published the dataset");
            }
            final Contract next = history.contract().granting(identities);
            final Grant grant = new Granting(SharingGroup.of(ledger.genesis(), history.id()).keys(),
                new SystemRandomness())
                .grant(history.publish(), key.key(), next, history.held());
            final Ledger.Settled settled = ledger.submit(key.key(), grant.encode());
            common.result(named.changed(settled), "contract version " + next.version() + " is final at height "
                + settled.height());
        } catch (final SharingException failure) {
            throw SharingFailures.end(failure);
        }
        return Exit.DONE.code();
    }
}
