package org.ztp.ledger.receipt;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.CertificateVerdict;
import org.ztp.ledger.CertificateVerifier;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.Outcome;
import org.ztp.ledger.Root;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Voters;
import org.ztp.ledger.receipt.ReceiptVerdict.Fault;
import org.ztp.ledger.state.OutcomeRoot;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Verifies receipts with what the genesis says, and nothing else. Certificates that were good are remembered, since
 * many receipts may be of one block. Owned by one thread.
 */
public final class ReceiptVerifier {
    private static final int REMEMBERED = 64;

    private final Hash chain;
    private final List<Voters> subClusters;
    private final ClientSignatures clients;
    private final TreeHasher hasher = new TreeHasher();
    /** Digests of the certificates that were good, with their sub-clusters: the last ones. */
    private final ArrayDeque<Hash> good = new ArrayDeque<>();

    /**
     * A verifier.
     *
     * @param chain hash of the genesis
     * @param subClusters who votes in each sub-cluster
     * @param clients checks clients' signatures
     */
    public ReceiptVerifier(final Hash chain, final List<Voters> subClusters, final ClientSignatures clients) {
        this.chain = chain;
        this.subClusters = List.copyOf(subClusters);
        this.clients = clients;
    }

    /** Verifies a receipt; the first thing that is wrong is named. */
    public ReceiptVerdict verify(final Receipt receipt) {
        final Optional<ReceiptVerdict> wrong = wrongFinality(receipt.finality())
            .or(() -> wrongTransaction(receipt.transaction(), receipt.finality().header()))
            .or(() -> wrongOutcome(receipt));
        return wrong.orElseGet(() -> new ReceiptVerdict(Fault.NONE, "", receipt.outcomeProof().isPresent()));
    }

    private Optional<ReceiptVerdict> wrongFinality(final Finality finality) {
        final BlockHeader first = finality.header();
        if (!first.chain().equals(chain)) {
            return fault(Fault.OTHER_CHAIN, "chain: expected=" + chain + " actual=" + first.chain());
        }
        final Optional<Voters> voters = subClusters.stream()
            .filter(candidate -> candidate.subCluster() == first.subCluster()).findFirst();
        if (voters.isEmpty()) {
            return fault(Fault.UNKNOWN_SUB_CLUSTER, "sub-cluster: actual=" + first.subCluster());
        }
        Hash hash = first.hash();
        for (int i = 1; i < finality.headers().size(); i++) {
            final BlockHeader next = finality.headers().get(i);
            if (!next.parent().equals(hash) || next.height() != first.height() + i
                || next.subCluster() != first.subCluster() || !next.chain().equals(chain)) {
                return fault(Fault.BROKEN_CHAIN, "parent of the header at height " + next.height() + ": expected="
                    + hash + " actual=" + next.parent());
            }
            hash = next.hash();
        }
        return wrongCertificate(finality, hash, voters.get());
    }

    private Optional<ReceiptVerdict> wrongCertificate(final Finality finality, final Hash hash,
                                                             final Voters voters) {
        final Certificate certificate = finality.certificate();
        final long height = finality.header().height() + finality.headers().size() - 1;
        if (certificate.phase() != Phase.COMMIT || certificate.height() != height
            || !certificate.block().equals(hash)) {
            return fault(Fault.OTHER_BLOCK_CERTIFIED, "certificate: expected=COMMIT of " + height + " " + hash
                + " actual=" + certificate.phase() + " of " + certificate.height() + " " + certificate.block());
        }
        final Hash digest = digest(certificate, voters);
        if (good.contains(digest)) {
            return Optional.empty();
        }
        final CertificateVerdict verdict = CertificateVerifier.verify(certificate, voters);
        return switch (verdict.fault()) {
            case NONE -> {
                remember(digest);
                yield Optional.empty();
            }
            case OTHER_GENESIS, TOO_FEW_VOTES -> fault(Fault.BAD_CERTIFICATE, "votes: expected=" + voters.quorum()
                + " actual=" + certificate.votes().size());
            default -> fault(Fault.BAD_CERTIFICATE, "vote of replica " + verdict.replica() + ": " + verdict.fault());
        };
    }

    private static Hash digest(final Certificate certificate, final Voters voters) {
        final WireWriter out = new WireWriter().u16(voters.subCluster());
        certificate.encode(out);
        return Hash.sha256(out.toBytes());
    }

    private void remember(final Hash digest) {
        good.add(digest);
        if (good.size() > REMEMBERED) {
            good.remove();
        }
    }

    private Optional<ReceiptVerdict> wrongTransaction(final TransactionProof proof, final BlockHeader header) {
        final Position position = proof.position();
        final BundleHead bundle = proof.bundle();
        final byte[] leaf = new byte[Hash.BYTES];
        hasher.leaf(proof.transaction(), 0, proof.transaction().length, leaf, 0);
        if (!proof.inBundle().leads(hasher, leaf, position.transaction(), bundle.count(), bundle.root())) {
            return fault(Fault.NOT_IN_BUNDLE, "transaction " + position.transaction() + " of " + bundle.count());
        }
        if (!bundle.isSigned(chain, clients)) {
            return fault(Fault.NOT_SIGNED, "signature of client " + bundle.client());
        }
        final BatchRef batch = proof.batch();
        leaf(new WireWriter().hash(bundle.id(chain)).raw(bundle.signature()), leaf);
        if (!proof.inBatch().leads(hasher, leaf, position.bundle(), batch.bundles(), batch.root())) {
            return fault(Fault.NOT_IN_BATCH, "bundle " + position.bundle() + " of " + batch.bundles());
        }
        final WireWriter ref = new WireWriter();
        batch.encode(ref);
        leaf(ref, leaf);
        if (!proof.inBlock().leads(hasher, leaf, position.batch(), header.batches(), header.transactionsRoot())) {
            return fault(Fault.NOT_IN_BLOCK, "batch " + position.batch() + " of " + header.batches());
        }
        return Optional.empty();
    }

    private Optional<ReceiptVerdict> wrongOutcome(final Receipt receipt) {
        final Outcome outcome = receipt.outcome();
        final Position position = receipt.transaction().position();
        if (outcome.batch() != position.batch() || outcome.bundle() != position.bundle()
            || outcome.transaction() != position.transaction() && outcome.transaction() != Outcome.WHOLE_BUNDLE) {
            return fault(Fault.OTHER_OUTCOME, "outcome: expected=" + position + " actual=" + outcome);
        }
        return receipt.outcomeProof().flatMap(proof -> wrongProof(receipt.finality(), outcome, proof));
    }

    private Optional<ReceiptVerdict> wrongProof(final Finality finality, final Outcome outcome,
                                                final OutcomeProof proof) {
        final BlockHeader header = finality.header();
        final BlockHeader later = proof.later().header();
        if (later.subCluster() != header.subCluster() || later.height() <= header.height()) {
            return fault(Fault.OUTCOME_NOT_PROVEN, "block that names the state: expected=above " + header.height()
                + " of sub-cluster " + header.subCluster() + " actual=" + later.height() + " of " + later.subCluster());
        }
        if (Root.numberOf(later.view()) != Root.numberOf(header.view()) && !isChild(later, finality.headers())) {
            return fault(Fault.OUTCOME_NOT_PROVEN, "voting began anew between the block and the one that names the state, which"
                + " may not be above it: view " + header.view() + " and " + later.view());
        }
        final boolean held = proof.path().leads(hasher, OutcomeRoot.leaf(hasher, outcome), proof.index(),
            proof.count(), proof.root()) && proof.state().verify(later.stateDigest(),
            OutcomeRoot.key(header.height()), OutcomeRoot.value(proof.root(), proof.count()));
        return held ? wrongFinality(proof.later())
            : fault(Fault.OUTCOME_NOT_PROVEN, "outcome " + proof.index() + " of " + proof.count() + " at height "
                + header.height() + " under the state digest " + later.stateDigest());
    }

    /** Whether a block is the child of one of these. */
    private static boolean isChild(final BlockHeader block, final List<BlockHeader> headers) {
        final long index = block.height() - 1 - headers.get(0).height();
        return index < headers.size() && headers.get((int) index).hash().equals(block.parent());
    }

    private void leaf(final WireWriter content, final byte[] out) {
        hasher.leaf(content.array(), 0, content.size(), out, 0);
    }

    private static Optional<ReceiptVerdict> fault(final Fault fault, final String detail) {
        return Optional.of(new ReceiptVerdict(fault, detail, false));
    }
}
