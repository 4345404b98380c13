package org.ztp.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.contract.transaction.Publish;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Samples;
import org.ztp.ledger.StateMachine;
import org.ztp.wire.Hash;

/** Which datasets final blocks have published, and that they are found in the time of reading the blocks. */
final class FinalChainTest {
    private static final byte[] OTHER = {7};

    @TempDir
    private Path parent;
    private byte[] publish;

    @BeforeEach
    void makeADataset() throws Exception {
        publish = new SampleCluster(parent.resolve("cluster")).publish("one", "two");
    }

    /** The datasets of a block of these bundles in one batch, of whose transactions these were accepted. */
    private static List<FinalChain.Published> published(final List<Outcome> outcomes, final Bundle... bundles) {
        final FinalChain chain = new FinalChain(Samples.CHAIN, new StateMachine() {
            @Override
            public LedgerState genesis() {
                return new Constant();
            }

            @Override
            public Executed execute(final LedgerState before, final Block block, final List<Batch> batches) {
                return new Executed(before, outcomes);
            }
        });
        final Batch batch = Samples.batch(bundles);
        chain.execute(Samples.block(1, Samples.CHAIN, Hash.ZERO, batch), List.of(batch));
        return chain.datasets();
    }

    private record Constant() implements LedgerState {
        @Override
        public Hash digest() {
            return Hash.ZERO;
        }

        @Override
        public boolean answersFor(final long height) {
            return false;
        }
    }

    private static Outcome accepted(final int bundle, final int transaction) {
        return new Outcome(0, bundle, transaction, Outcome.Code.ACCEPTED, "");
    }

    @Test
    void whatWasAcceptedIsPublishedAndNothingElse() {
        final byte[] second = publish.clone();
        Arrays.fill(second, 1, 1 + Hash.BYTES, (byte) 9); // the nonce
        final List<FinalChain.Published> published = published(List.of(
                new Outcome(0, 0, 0, Outcome.Code.INVALID, "no"), accepted(0, 1), accepted(0, 2),
                new Outcome(0, 1, Outcome.WHOLE_BUNDLE, Outcome.Code.DUPLICATE, ""), accepted(2, 0)),
            Samples.bundle(1, 1, 0, second, publish, OTHER), Samples.bundle(2, 1, 0, second, second),
            Samples.bundle(3, 1, 0, second, publish));
        final Hash nonce = Publish.parse(publish, 0, publish.length).orElseThrow().nonce();
        assertEquals(List.of(Publish.id(Samples.CHAIN, Samples.client(1), nonce),
                Publish.id(Samples.CHAIN, Samples.client(3), Hash.of(Arrays.copyOfRange(second, 1, 1 + Hash.BYTES)))),
            published.stream().map(FinalChain.Published::id).toList());
        assertEquals(List.of(1L, 1L), published.stream().map(FinalChain.Published::height).toList());
    }

    @Test
    void bundlesFullOfAcceptedTransactionsAreReadOnce() {
        final List<byte[]> transactions = new ArrayList<>(Collections.nCopies(Bundle.MAX_TRANSACTIONS, OTHER));
        transactions.set(transactions.size() - 1, publish);
        final Bundle[] bundles = IntStream.range(0, 16)
            .mapToObj(i -> Samples.bundle(i, 1, 0, transactions.toArray(byte[][]::new))).toArray(Bundle[]::new);
        final List<Outcome> outcomes = IntStream.range(0, bundles.length).boxed().flatMap(bundle ->
            IntStream.range(0, transactions.size()).mapToObj(transaction -> accepted(bundle, transaction))).toList();
        assertTimeout(Duration.ofSeconds(10), () -> assertEquals(16, published(outcomes, bundles).size()));
    }
}
