package org.ztp.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.ztp.consensus.Action.Finalized;
import org.ztp.crypto.VerifyKey;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptBuilder;
import org.ztp.ledger.receipt.ReceiptVerdict;
import org.ztp.ledger.receipt.ReceiptVerifier;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.wire.Hash;

/** Makes receipts from what one replica knows, as a service does, and verifies them with what the genesis says alone. */
final class ReceiptReader {
    private final Allocation world;
    private final ReceiptBuilder builder;
    private final ReceiptVerifier verifier;

    ReceiptReader(final Allocation world) {
        this.world = world;
        builder = new ReceiptBuilder(world.chain);
        verifier = new ReceiptVerifier(world.chain, world.voters, (key, keyOffset, signature, offset, message) ->
            VerifyKey.decode(key, keyOffset).map(known -> known.verify(Arrays.copyOfRange(signature, offset,
                offset + VerifyKey.SIGNATURE_BYTES), message)).orElse(false));
    }

    /**
     * Reads the receipt of a bundle's first transaction.
     *
     * @param ledger what a replica knows
     * @param height where it was said to be final
     * @return the receipt, verified and with its outcome proven if the replica can; empty if it does not know the height
     */
    Optional<Receipt> read(final NavigableMap<Long, Finalized> ledger, final long height, final Hash bundle) {
        final Optional<Finality> finality = finality(ledger, height);
        if (finality.isEmpty()) {
            return Optional.empty();
        }
        final Finalized said = ledger.get(height);
        final Block block = said.block().block();
        final Position at = position(said, bundle);
        final Batch batch = said.block().batches().get(at.batch());
        final Receipt plain = builder.build(block, batch, at, said.executed().outcomes(), finality.get());
        final Receipt receipt = ((BlockState) said.executed().after()).tree().prove(OutcomeRoot.key(height))
            .flatMap(proof -> finality(ledger, height + 1)
                .map(later -> builder.prove(plain, said.executed().outcomes(), proof, later))).orElse(plain);
        final ReceiptVerdict verdict = verifier.verify(receipt);
        Invariants.require(verdict.fault() == ReceiptVerdict.Fault.NONE, "receipt of " + bundle + ": " + verdict);
        world.course.count(verdict.outcomeProven() ? "receipts with proven outcomes" : "receipts");
        return Optional.of(receipt);
    }

    private static Position position(final Finalized said, final Hash bundle) {
        for (int b = 0; b < said.block().batches().size(); b++) {
            final Batch batch = said.block().batches().get(b);
            for (int i = 0; i < batch.bundles().size(); i++) {
                if (batch.bundles().get(i).id().equals(bundle)) {
                    return new Position(b, i, 0);
                }
            }
        }
        throw new InvariantViolation("what was final at " + said.block().block().height() + " is not there: " + bundle);
    }

    private static Optional<Finality> finality(final NavigableMap<Long, Finalized> ledger, final long height) {
        final List<BlockHeader> headers = new ArrayList<>();
        for (long at = height; ledger.containsKey(at); at++) {
            headers.add(ledger.get(at).block().block().header());
            if (ledger.get(at).block().certificate().isPresent()) {
                return Optional.of(new Finality(headers, ledger.get(at).block().certificate().get()));
            }
        }
        return Optional.empty();
    }
}
