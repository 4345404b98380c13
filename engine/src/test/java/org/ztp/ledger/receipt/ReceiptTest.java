package org.ztp.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Batch;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Phase;
import org.ztp.ledger.RecordTransaction;
import org.ztp.ledger.Samples;
import org.ztp.ledger.Voters;
import org.ztp.ledger.receipt.ReceiptVerdict.Fault;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.wire.Hash;

final class ReceiptTest {
    private static final byte[] RECORD = new RecordTransaction("job", "", Samples.utf8("payload")).encode();
    private final SampleChain chain = new SampleChain();
    private final ReceiptBuilder builder = new ReceiptBuilder(Samples.CHAIN);
    private final ReceiptVerifier verifier =
        new ReceiptVerifier(Samples.CHAIN, List.of(chain.voters()), Samples.SIGNATURES);

    ReceiptTest() {
        chain.append(Samples.batch(Samples.bundle(1, 1, 0, RECORD)));
        chain.append(
            Samples.batch(Samples.bundle(2, 1, 0, RECORD, RECORD, RECORD), Samples.bundle(1, 1, 0, RECORD)),
            Samples.batch(Samples.bundle(3, 1, 0, RECORD)),
            Samples.batch(Samples.bundle(1, 1, 1, RECORD, Samples.utf8("\u0005k\u20ac\"\\\n"), new byte[] {1}),
                Samples.bundle(4, 1, 7, RECORD)));
        chain.append(Samples.batch(Samples.bundle(5, 1, 0, RECORD)));
        chain.append();
    }

    @Test
    void everyTransactionHasAReceiptThatHolds() {
        for (int height = 1; height <= 2; height++) {
            final List<Batch> batches = chain.batches.get(height - 1);
            for (int i = 0; i < batches.size(); i++) {
                for (int j = 0; j < batches.get(i).bundles().size(); j++) {
                    for (int k = 0; k < batches.get(i).bundles().get(j).count(); k++) {
                        final Receipt receipt = receipt(height, new Position(i, j, k), height);
                        assertGood(receipt);
                        final Hash id = new BundleHasher(Samples.CHAIN).identify(batches.get(i).bundles().get(j));
                        assertEquals(id + "." + k, receipt.id());
                    }
                }
            }
        }
    }

    @Test
    void itsTextIsTheSameInEveryLocale() {
        final Receipt receipt = receipt(2, new Position(2, 0, 1), 4);
        final String text = ReceiptText.format(receipt);
        final Locale before = Locale.getDefault(Locale.Category.FORMAT);
        try {
            Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("fa-IR-u-nu-arabext"));
            assertEquals(text, ReceiptText.format(receipt));
            assertEquals(Optional.of(receipt.id()), ReceiptText.parse(text).map(Receipt::id));
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, before);
        }
    }

    @Test
    void aDescendantsCertificateDoes() {
        assertGood(receipt(2, new Position(2, 0, 1), 4));
    }

    @Test
    void theOutcomeIsThatOfTheTransactionOrItsBundle() {
        assertEquals(new Outcome(0, 0, 1, Outcome.Code.ACCEPTED, ""), receipt(2, new Position(0, 0, 1), 2).outcome());
        assertEquals(new Outcome(0, 1, -1, Outcome.Code.DUPLICATE, ""), receipt(2, new Position(0, 1, 0), 2).outcome());
        assertEquals(Outcome.Code.DENIED, receipt(2, new Position(2, 0, 1), 2).outcome().code());
        assertEquals(Outcome.Code.INVALID, receipt(2, new Position(2, 0, 2), 2).outcome().code());
    }

    @Test
    void aLaterBlockProvesTheOutcome() {
        for (final Position position : List.of(new Position(0, 1, 0), new Position(2, 0, 1), new Position(2, 0, 2))) {
            for (int later = 3; later <= 4; later++) {
                final Receipt proven = proven(position, later);
                assertTrue(proven.outcomeProof().isPresent());
                assertTrue(verifier.verify(coded(proven)).outcomeProven());
                assertEquals(Optional.of(Receipt.decode(proven.encode()).orElseThrow().id()),
                    ReceiptText.parse(ReceiptText.format(proven)).map(Receipt::id));
            }
        }
        assertFalse(proven(new Position(0, 0, 0), 3).outcomeProof().isPresent());
    }

    @Test
    void anOutcomeThatDidNotComeOutIsNotProven() {
        final Receipt denied = proven(new Position(2, 0, 1), 3);
        final Outcome wanted = new Outcome(2, 0, 1, Outcome.Code.ALLOWED, denied.outcome().detail());
        assertFault(Fault.OUTCOME_NOT_PROVEN, with(denied, wanted, denied.outcomeProof()));
        assertFault(Fault.OTHER_OUTCOME, with(denied, proven(new Position(2, 0, 2), 3).outcome(),
            proven(new Position(2, 0, 2), 3).outcomeProof()));
        final OutcomeProof proof = denied.outcomeProof().orElseThrow();
        assertFault(Fault.OUTCOME_NOT_PROVEN, with(denied, denied.outcome(), Optional.of(new OutcomeProof(
            proof.index(), proof.count(), proof.root(), proof.path(), proof.state(), chain.finality(4, 4)))));
        assertFault(Fault.OUTCOME_NOT_PROVEN, with(denied, denied.outcome(), Optional.of(new OutcomeProof(
            proof.index(), proof.count(), proof.root(), proof.path(), proof.state(), chain.finality(1, 2)))));
        assertFault(Fault.BAD_CERTIFICATE, with(denied, denied.outcome(), Optional.of(new OutcomeProof(
            proof.index(), proof.count(), proof.root(), proof.path(), proof.state(),
            new Finality(proof.later().headers(), chain.certificate(Phase.COMMIT, 4, 0, 1))))));
    }

    /** A lost block and one of the chain that went on without it may both be final at a height, by the genesis alone. */
    @Test
    void whereVotingBeganAnewBetweenTheOutcomesStateIsOfAChild() {
        final Block last = chain.blocks.get(3);
        final BlockHeader of = last.header();
        chain.blocks.set(3, Block.of(new BlockHeader(of.subCluster(), of.proposer(), of.height(), (1L << 40) + 1,
            of.timeMillis(), of.chain(), of.parent(), of.transactionsRoot(), of.stateDigest(), of.epoch(), of.epochRoot(),
            of.batches(), of.transactions()), last.batches()));
        final Receipt apart = proven(new Position(2, 0, 1), 4);
        assertFault(Fault.OUTCOME_NOT_PROVEN, apart);
        assertTrue(verifier.verify(finality(apart, chain.finality(2, 3))).outcomeProven());
        assertTrue(verifier.verify(finality(apart, chain.finality(2, 4))).outcomeProven());
    }

    @Test
    void whatIsWrongIsNamed() {
        final Receipt good = receipt(2, new Position(0, 0, 1), 2);
        final TransactionProof proof = good.transaction();
        final BundleHead head = proof.bundle();
        assertFault(Fault.NOT_IN_BUNDLE, with(good, new TransactionProof(proof.position(), new byte[] {1},
            proof.inBundle(), head, proof.inBatch(), proof.batch(), proof.inBlock())));
        assertFault(Fault.NOT_IN_BUNDLE, with(good, new TransactionProof(new Position(0, 0, 2), proof.transaction(),
            proof.inBundle(), head, proof.inBatch(), proof.batch(), proof.inBlock())));
        final byte[] forged = head.signature().clone();
        forged[0] ^= 1;
        assertFault(Fault.NOT_SIGNED, with(good, new TransactionProof(proof.position(), proof.transaction(),
            proof.inBundle(), new BundleHead(head.client(), head.submission(), head.sequence(), head.count(),
            head.root(), forged), proof.inBatch(), proof.batch(), proof.inBlock())));
        final TransactionProof other = receipt(2, new Position(1, 0, 0), 2).transaction();
        assertFault(Fault.NOT_IN_BATCH, with(good, new TransactionProof(proof.position(), proof.transaction(),
            proof.inBundle(), head, proof.inBatch(), other.batch(), other.inBlock())));
        assertFault(Fault.NOT_IN_BLOCK, with(good, new TransactionProof(proof.position(), proof.transaction(),
            proof.inBundle(), head, proof.inBatch(), proof.batch(), other.inBlock())));
        assertFault(Fault.NOT_IN_BLOCK, finality(good, chain.finality(3, 3)));
    }

    @Test
    void aBlockThatIsNotFinalIsFound() {
        final Receipt good = receipt(2, new Position(0, 0, 1), 2);
        final List<BlockHeader> headers = good.finality().headers();
        assertFault(Fault.OTHER_BLOCK_CERTIFIED,
            finality(good, new Finality(headers, chain.certificate(Phase.PREPARE, 2, 0, 1, 2))));
        assertFault(Fault.OTHER_BLOCK_CERTIFIED,
            finality(good, new Finality(headers, chain.certificate(Phase.COMMIT, 3, 0, 1, 2))));
        assertFault(Fault.BAD_CERTIFICATE,
            finality(good, new Finality(headers, chain.certificate(Phase.COMMIT, 2, 0, 1))));
        assertFault(Fault.BROKEN_CHAIN, finality(good, new Finality(
            List.of(headers.get(0), chain.blocks.get(3).header()), chain.certificate(Phase.COMMIT, 4, 0, 1, 2))));
        final ReceiptVerdict twice = verifier.verify(
            finality(good, new Finality(headers, chain.certificate(Phase.COMMIT, 2, 0, 1, 1))));
        assertEquals("vote of replica 1: VOTED_TWICE", twice.detail());
    }

    @Test
    void theVotesForABlockAreCheckedOnceForAllItsReceipts() {
        final int[] checked = new int[1];
        final Voters voters = chain.voters();
        final ReceiptVerifier counting = new ReceiptVerifier(Samples.CHAIN, List.of(new Voters(Samples.CHAIN, 0,
            voters.members(), SampleChain.QUORUM, (replica, message, signature) -> {
                checked[0]++;
                return voters.signatures().check(replica, message, signature);
            })), Samples.SIGNATURES);
        final Receipt forged = receipt(2, new Position(0, 0, 0), 2);
        forged.finality().certificate().votes().get(1).bytes()[0] ^= 1;
        for (int i = 0; i < 2; i++) {
            assertEquals(Fault.BAD_CERTIFICATE, counting.verify(forged).fault());
            checked[0] = 0;
            for (int j = 0; j < 3; j++) {
                assertEquals(Fault.NONE, counting.verify(receipt(2, new Position(0, 0, j), 2)).fault());
            }
            assertEquals(i == 0 ? SampleChain.QUORUM : 0, checked[0]);
        }
    }

    @Test
    void aReceiptHoldsForItsChainAndSubClusterOnly() {
        final Receipt good = receipt(2, new Position(0, 0, 1), 2);
        final Voters voters = chain.voters();
        assertEquals(Fault.OTHER_CHAIN,
            new ReceiptVerifier(Hash.ZERO, List.of(voters), Samples.SIGNATURES).verify(good).fault());
        assertEquals(Fault.UNKNOWN_SUB_CLUSTER, new ReceiptVerifier(Samples.CHAIN, List.of(
            new Voters(Samples.CHAIN, 1, voters.members(), 3, voters.signatures())), Samples.SIGNATURES)
            .verify(good).fault());
    }

    @Test
    void noByteOfAProvenReceiptCanBeChanged() {
        final byte[] bytes = proven(new Position(2, 0, 1), 4).encode();
        for (int i = 0; i < bytes.length; i++) {
            final byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 << i % 8);
            final int at = i;
            Receipt.decode(changed).ifPresent(receipt -> assertFalse(verifier.verify(receipt).good(),
                () -> "byte " + at));
        }
    }

    @Test
    void aTransactionHasAByteAtLeast() {
        final Receipt good = receipt(2, new Position(0, 0, 1), 2);
        final TransactionProof proof = good.transaction();
        assertTrue(Receipt.decode(with(good, new TransactionProof(proof.position(), new byte[0], proof.inBundle(),
            proof.bundle(), proof.inBatch(), proof.batch(), proof.inBlock())).encode()).isEmpty());
    }

    @Test
    void aTextWhoseReadableFieldsLieIsNone() {
        final String text = ReceiptText.format(proven(new Position(2, 0, 1), 4));
        assertTrue(ReceiptText.parse(text).isPresent());
        assertTrue(ReceiptText.parse(text.strip()).isPresent());
        assertTrue(ReceiptText.parse(text.replace("DENIED", "ALLOWED")).isEmpty());
        assertTrue(ReceiptText.parse(text + "\n").isEmpty());
        assertTrue(ReceiptText.parse("").isEmpty());
        assertTrue(ReceiptText.parse("\"receipt\": \"").isEmpty());
        assertTrue(ReceiptText.parse("\"receipt\": \"?\"").isEmpty());
    }

    @Property(tries = 100)
    void anyBytesAreAReceiptOrNone(@ForAll final long seed) {
        final Random random = new Random(seed);
        final byte[] bytes = proven(new Position(2, 0, 1), 4).encode();
        for (int i = 0; i <= random.nextInt(3); i++) {
            bytes[random.nextInt(random.nextBoolean() ? 200 : bytes.length)] = (byte) random.nextInt();
        }
        final byte[] given = Arrays.copyOf(bytes, random.nextBoolean() ? bytes.length : random.nextInt(2000));
        Receipt.decode(given).ifPresent(receipt -> {
            assertArrayEquals(given, receipt.encode());
            verifier.verify(receipt);
        });
    }

    private Receipt receipt(final int height, final Position position, final int certified) {
        return builder.build(chain.blocks.get(height - 1), chain.batches.get(height - 1).get(position.batch()),
            position, chain.executed.get(height - 1).outcomes(), chain.finality(height, certified));
    }

    /** The receipt of a transaction at height 2, its outcome proven by the header at a later height. */
    private Receipt proven(final Position position, final int later) {
        return builder.prove(receipt(2, position, 2), chain.executed.get(1).outcomes(),
            chain.state(later - 1).tree().prove(OutcomeRoot.key(2)).orElseThrow(), chain.finality(later, 4));
    }

    private void assertGood(final Receipt receipt) {
        final ReceiptVerdict verdict = verifier.verify(coded(receipt));
        assertEquals(new ReceiptVerdict(Fault.NONE, "", false), verdict);
        assertArrayEquals(receipt.encode(), ReceiptText.parse(ReceiptText.format(receipt)).orElseThrow().encode());
    }

    private static Receipt coded(final Receipt receipt) {
        final byte[] bytes = receipt.encode();
        final Receipt decoded = Receipt.decode(bytes).orElseThrow();
        assertArrayEquals(bytes, decoded.encode());
        return decoded;
    }

    private void assertFault(final Fault fault, final Receipt receipt) {
        final ReceiptVerdict verdict = verifier.verify(receipt);
        assertEquals(fault, verdict.fault(), verdict.detail());
        assertFalse(verdict.outcomeProven());
    }

    private static Receipt with(final Receipt receipt, final TransactionProof proof) {
        final Position at = proof.position();
        return new Receipt(proof, receipt.finality(),
            new Outcome(at.batch(), at.bundle(), at.transaction(), Outcome.Code.ACCEPTED, ""), Optional.empty());
    }

    private static Receipt with(final Receipt receipt, final Outcome outcome, final Optional<OutcomeProof> proof) {
        return new Receipt(receipt.transaction(), receipt.finality(), outcome, proof);
    }

    private static Receipt finality(final Receipt receipt, final Finality finality) {
        return new Receipt(receipt.transaction(), finality, receipt.outcome(), receipt.outcomeProof());
    }
}
