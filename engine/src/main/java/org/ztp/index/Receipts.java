package org.ztp.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ztp.index.LedgerIndex.NamedState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Root;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.receipt.Position;
import org.ztp.ledger.receipt.Receipt;
import org.ztp.ledger.receipt.ReceiptBuilder;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.wire.Hash;

/** Finds transactions and writes their receipts. Owned by one thread. */
public final class Receipts {
    private final IndexQueries queries;
    private final LedgerSource source;
    private final ReceiptBuilder builder;

    /**
     * Receipts of one chain.
     *
     * @param queries where things are
     * @param source reads them
     * @param chain hash of the genesis
     */
    public Receipts(final IndexQueries queries, final LedgerSource source, final Hash chain) {
        this.queries = queries;
        this.source = source;
        this.builder = new ReceiptBuilder(chain);
    }

    /**
     * The receipt of a transaction.
     *
     * @param bundle id of its bundle
     * @param transaction position in the bundle
     * @param named a state that a later block names, to prove the outcome with if the index holds no proof: it may have
     *     begun with a snapshot above
     * @return empty if there is no such final transaction, its records cannot be read, or its certificate is
     *     further than {@value Finality#MAX_HEADERS} blocks away
     */
    public Optional<Receipt> receipt(final Hash bundle, final int transaction, final Optional<NamedState> named) {
        return queries.bundle(bundle).flatMap(place -> receipt(place, transaction, named));
    }

    /** Whether all that a receipt of a bundle takes can be read, as far as the index knows of it. */
    public boolean isReadable(final Hash bundle) {
        return queries.bundle(bundle).map(place -> block(place.height()).flatMap(found -> batch(found, place.batch()))
            .isPresent() && isReadable(place.height() + 1)).orElse(true);
    }

    /** Whether the blocks from a height on can be read, up to the first one that is certified. */
    private boolean isReadable(final long from) {
        for (long height = from; height < from + Finality.MAX_HEADERS; height++) {
            if (queries.certificate(height - 1).isPresent() || queries.block(height).isEmpty()) {
                return true;
            }
            if (block(height).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Optional<Receipt> receipt(final BundlePlace place, final int transaction,
                                      final Optional<NamedState> named) {
        final Optional<Block> block = block(place.height());
        final Optional<Batch> batch = block.flatMap(found -> batch(found, place.batch()));
        final Optional<Finality> finality = finality(place.height());
        if (batch.isEmpty() || finality.isEmpty() || transaction < 0
            || transaction >= batch.get().bundles().get(place.bundle()).count()) {
            return Optional.empty();
        }
        final List<Outcome> outcomes = queries.outcomes(place.height());
        final Receipt receipt = builder.build(block.get(), batch.get(),
            new Position(place.batch(), place.bundle(), transaction), outcomes, finality.get());
        return Optional.of(queries.proof(place.height())
            .flatMap(proof -> finality(place.height() + 1)
                .map(later -> builder.prove(receipt, outcomes, proof, later)))
            .or(() -> named.filter(state -> state.height() > place.height())
                .flatMap(state -> state.state().prove(OutcomeRoot.key(place.height()))
                    .flatMap(proof -> finality(state.height())
                        .filter(later -> Root.numberOf(later.header().view())
                            == Root.numberOf(receipt.finality().header().view()))
                        .map(later -> builder.prove(receipt, outcomes, proof, later)))))
            .orElse(receipt));
    }

    private Optional<Finality> finality(final long height) {
        return finality(queries, source, height);
    }

    /** The header at a height and those above it up to one with a certificate; empty if that is too far, or not here. */
    public static Optional<Finality> finality(final IndexQueries queries, final LedgerSource source, final long height) {
        final List<BlockHeader> headers = new ArrayList<>();
        while (headers.size() < Finality.MAX_HEADERS) {
            final long next = height + headers.size();
            final Optional<Block> block = block(queries, source, next);
            if (block.isEmpty()) {
                return Optional.empty();
            }
            headers.add(block.get().header());
            final Optional<Certificate> certificate = queries.certificate(next);
            if (certificate.isPresent()) {
                return Optional.of(new Finality(headers, certificate.get()));
            }
        }
        return Optional.empty();
    }

    private Optional<Block> block(final long height) {
        return block(queries, source, height);
    }

    private static Optional<Block> block(final IndexQueries queries, final LedgerSource source, final long height) {
        return queries.block(height).flatMap(place ->
            source.block(place.position()).filter(block -> block.hash().equals(place.hash())));
    }

    private Optional<Batch> batch(final Block block, final int index) {
        final OptionalLong position = queries.batch(block.batches().get(index).root());
        return position.isPresent() ? source.batch(position.getAsLong()) : Optional.empty();
    }
}
