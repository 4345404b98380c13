package org.ztp.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
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
            final Contract next = granting(history.contract(), identities);
            identities.forEach(seeker -> tellPart(next, seeker));
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

    /** The next version, which lets each of these seekers ask for something; what cannot be that ends the command. */
    static Contract granting(final Contract contract, final List<Identity> seekers) {
        final Contract next = contract.granting(seekers);
        if (!next.fits()) {
            throw new CommandException(Exit.USAGE, "the contract would be too large: limit=" + Clause.MAX_SEEKERS
                + " seekers and " + Contract.MAX_BYTES + " bytes", "revoke some seekers first, or grant fewer at once");
        }
        for (final Identity seeker : seekers) {
            if (next.rangesOf(seeker.key()).isEmpty()) {
                throw new CommandException(Exit.USAGE, "nothing would be granted to " + words(seeker)
                    + ": every chunk has seekers of its own in the contract",
                    "publish it anew with a policy that names the seeker there");
            }
        }
        return next;
    }

    private void tellPart(final Contract next, final Identity seeker) {
        final List<ChunkRange> ranges = next.rangesOf(seeker.key());
        if (!ranges.equals(List.of(ChunkRange.all(next.chunks())))) {
            common.say(words(seeker) + " may ask for chunks " + ranges.stream().map(ChunkRange::toString)
                .collect(Collectors.joining(", ")) + " alone, with --chunks: others have seekers of their own");
        }
    }

    private static String words(final Identity seeker) {
        return seeker.comment().isEmpty() ? seeker.key().brief() : Printable.of(seeker.comment());
    }
}
