package org.ztp.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.cluster.SubCluster;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.BlockRoot;
import org.ztp.ledger.BundleHasher;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.CertificateVerdict;
import org.ztp.ledger.LedgerRecord.StoredBatch;
import org.ztp.ledger.LedgerRecord.StoredBlock;
import org.ztp.ledger.LedgerRecord.StoredCertificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Root;
import org.ztp.ledger.Voters;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.wire.Hash;

/**
 * Follows one replica's journal, or an archive: each record by itself, then the chain that its certificates make final.
 * Memory is bounded by what is undecided at one time, plus some 70 bytes a batch until its end. Owned by the verifying thread.
 */
final class JournalCheck {
    private static final int OPEN_BLOCKS_MAX = 65_536;
    private static final int OPEN_REFS_MAX = 1 << 20;

    /** The last final block; after a gap its time and view are not known and are 0. */
    private record Head(long height, Hash hash, long timeMillis, long view) { }

    private record OpenBlock(Block block, long position) { }

    private final SubCluster group;
    private final FinalChain chain;
    private final SignedVotes votes;
    private final EpochCheck epochs;
    private final Findings findings;
    private final Tally tally;
    private final RecordPlaces places;
    private final RecentBatches recent;
    private HashIndex batches = new HashIndex();
    private final Map<Hash, OpenBlock> open = new LinkedHashMap<>();
    private final Hash chainName;
    private final Root root;
    private final Set<Hash> wanted;
    private final Set<Hash> found = new TreeSet<>();
    private Head head;
    private long openRefs;
    private long records;
    private boolean stateDiffers;

    /**
     * A check of one journal.
     *
     * @param voters who votes, and what the chain is built on
     * @param group its sub-cluster
     * @param chain what is final in that, added to
     * @param votes what replicas have signed, added to
     * @param epochs follows the epochs
     * @param wanted blocks to look out for
     * @param places where its records stand
     */
    JournalCheck(final Voters voters, final SubCluster group, final FinalChain chain, final SignedVotes votes,
                 final EpochCheck epochs, final Set<Hash> wanted, final RecordPlaces places, final Findings findings,
                 final Tally tally) {
        this.chainName = voters.chain();
        this.root = voters.root();
        this.group = group;
        this.chain = chain;
        this.votes = votes;
        this.epochs = epochs;
        this.wanted = wanted;
        this.places = places;
        this.findings = findings;
        this.tally = tally;
        recent = new RecentBatches(places, new BundleHasher(chainName));
        head = new Head(0, chainName, 0, 0);
    }

    /** The journal goes on from a snapshot: what comes before is in another. */
    void goOnFrom(final SnapshotHead snapshot) {
        head = new Head(snapshot.height(), snapshot.block(), snapshot.header().timeMillis(), snapshot.header().view());
        epochs.gap();
    }

    /** The journal goes on from an archive, whose last block this is; below that it has nothing, or the same again. */
    void goOnFrom(final long height, final Hash block) {
        head = new Head(height, block, 0, 0);
        if (height > 0) {
            epochs.gap();
        }
    }

    /** Takes the next record. */
    void onRecord(final CheckedRecord checked) {
        records++;
        if (checked.record instanceof StoredBatch stored) {
            onBatch(checked, stored);
        } else if (checked.record instanceof StoredBlock stored) {
            onBlock(checked, stored.block());
        } else {
            onCertificate(checked, ((StoredCertificate) checked.record).certificate());
        }
    }

    private void onBatch(final CheckedRecord checked, final StoredBatch stored) {
        if (!checked.actual.equals(stored.ref())) {
            fault(checked.position, Finding.NO_HEIGHT, "the batch is not the one that it is stored as: expected="
                + stored.ref() + " actual=" + checked.actual);
            return;
        }
        if (checked.unsigned >= 0) {
            fault(checked.position, Finding.NO_HEIGHT, "bundle " + checked.unsigned + " of batch "
                + stored.ref().root() + " is not signed by its client");
        }
        batches.put(stored.ref().root(), checked.position);
        recent.add(stored.ref(), stored.batch());
    }

    private void onBlock(final CheckedRecord checked, final Block block) {
        final BlockHeader header = block.header();
        final int leader = group.leader(header.view());
        if (!header.chain().equals(chainName) || header.subCluster() != group.id()) {
            fault(checked.position, header.height(), "a block of another chain: expected=" + chainName
                + " sub-cluster " + group.id() + " actual=" + header.chain() + " sub-cluster " + header.subCluster());
            return;
        }
        if (header.proposer() != leader) {
            fault(checked.position, header.height(), "proposer: expected=" + leader + " (leader of view "
                + header.view() + ") actual=" + header.proposer());
        }
        if (!BlockRoot.fits(block)) {
            fault(checked.position, header.height(), "transactions root: expected=" + header.transactionsRoot()
                + " actual=" + BlockRoot.of(block.batches()));
        }
        if (wanted.contains(block.hash())) {
            found.add(block.hash());
        }
        if (header.height() > head.height
            && open.putIfAbsent(block.hash(), new OpenBlock(block, checked.position)) == null) {
            openRefs += block.batches().size();
            if (open.size() > OPEN_BLOCKS_MAX || openRefs > OPEN_REFS_MAX) {
                final OpenBlock eldest = open.remove(open.keySet().iterator().next());
                openRefs -= eldest.block.batches().size();
                fault(eldest.position, eldest.block.height(), "more undecided blocks than an honest replica has");
            }
        }
    }

    private void onCertificate(final CheckedRecord checked, final Certificate certificate) {
        tally.certificates++;
        final CertificateVerdict verdict = checked.verdict;
        if (!verdict.good() || certificate.phase() != Phase.COMMIT || certificate.view() == 0) {
            fault(checked.position, certificate.height(), "certificate: " + (verdict.good()
                ? "not of the commit phase" : verdict.fault() + (verdict.replica() < 0 ? "" : " replica="
                + verdict.replica())));
            return;
        }
        votes.add(certificate);
        if (!root.counts(certificate)) {
            fault(checked.position, certificate.height(), "certificate " + built(certificate.height(), certificate.block(),
                certificate.view()));
            return;
        }
        if (certificate.height() <= head.height) {
            compare(certificate.block(), certificate.height(), checked.position);
            return;
        }
        final List<OpenBlock> path = path(checked.position, certificate);
        for (final OpenBlock one : path) {
            finish(one, checked.position);
        }
        if (path.isEmpty() && chain.at(certificate.height()).isEmpty()) {
            chain.note(certificate.height(), certificate.block());
        }
        if (head.height != certificate.height() || head.view != 0 && head.view != certificate.view()) {
            fault(checked.position, certificate.height(), "certificate and block differ: certificate view="
                + certificate.view() + " height=" + certificate.height() + " block view=" + head.view + " height="
                + head.height);
        }
        open.values().removeIf(this::isDecided);
    }

    private boolean isDecided(final OpenBlock one) {
        final boolean decided = one.block.height() <= head.height;
        openRefs -= decided ? one.block.batches().size() : 0;
        return decided;
    }

    /**
     * The blocks from above the head up to the certified one. Where some are missing, that is told, and the rest given.
     */
    private List<OpenBlock> path(final long position, final Certificate certificate) {
        final ArrayList<OpenBlock> path = new ArrayList<>();
        Hash at = certificate.block();
        long height = certificate.height();
        while (!at.equals(head.hash)) {
            final OpenBlock one = open.get(at);
            if (one == null || one.block.height() <= head.height) {
                fault(position, height, height <= head.height
                    ? "the certified chain does not contain the final block " + head.hash + " of height " + head.height
                    : "no record of block " + at + " stands before this certificate, which makes it final");
                head = new Head(height, at, 0, 0);
                epochs.gap();
                break;
            }
            path.add(0, one);
            at = one.block.header().parent();
            height = one.block.height() - 1;
        }
        return path;
    }

    private void finish(final OpenBlock one, final long certificatePosition) {
        final Block block = one.block;
        final BlockHeader header = block.header();
        if (header.height() != head.height + 1) {
            fault(one.position, header.height(), "height: expected=" + (head.height + 1) + " actual="
                + header.height());
        }
        if (header.timeMillis() < head.timeMillis || header.view() < head.view) {
            fault(one.position, header.height(), "time or view goes back: parent time=" + head.timeMillis + " view="
                + head.view + " block time=" + header.timeMillis() + " view=" + header.view());
        }
        if (!root.holds(header.height(), block.hash(), header.view())) {
            fault(one.position, header.height(), "block " + built(header.height(), block.hash(), header.view()));
        }
        epochs.next(block).ifPresent(wrong -> fault(one.position, header.height(), wrong));
        boolean whole = true;
        for (final BatchRef ref : block.batches()) {
            if (!batches.contains(ref.root())) {
                fault(one.position, header.height(), "no record of batch " + ref.root() + " of this block stands "
                    + "before the certificate at " + places.file(certificatePosition) + " offset="
                    + places.offset(certificatePosition));
                whole = false;
            }
        }
        head = new Head(header.height(), block.hash(), header.timeMillis(), header.view());
        if (chain.at(header.height()).isPresent()) {
            compare(block.hash(), header.height(), one.position);
        }
        if (chain.isNext(block)) {
            replay(one, whole);
        } else if (chain.at(header.height()).isEmpty()) {
            chain.note(block.height(), block.hash());
        }
    }

    private String built(final long height, final Hash block, final long view) {
        final Root near = root.upTo(height);
        return root.isLost(height, view) ? "of before voting began anew above height " + near.height() + ": view expected="
            + near.firstView() + " or later actual=" + view : "not on the block after which voting began anew: expected="
            + near.block() + " at height " + near.height() + " actual=" + block;
    }

    private void compare(final Hash hash, final long height, final long position) {
        final Optional<Hash> other = chain.at(height);
        if (other.isPresent() && !other.get().equals(hash)) {
            fault(position, height, "two different final blocks at this height: " + other.get() + " and " + hash);
        }
    }

    private void replay(final OpenBlock one, final boolean whole) {
        final List<Batch> contents = new ArrayList<>();
        for (final BatchRef ref : one.block.batches()) {
            final Optional<Batch> batch = whole ? recent.get(ref, batches.get(ref.root())) : Optional.empty();
            if (batch.isEmpty()) {
                if (whole) {
                    fault(one.position, one.block.height(), "the block names batch " + ref
                        + " otherwise than it is recorded");
                }
                chain.note(one.block.height(), one.block.hash());
                return;
            }
            contents.add(batch.get());
        }
        if (!stateDiffers && !chain.stateDigest().equals(one.block.header().stateDigest())) {
            stateDiffers = true;
            fault(one.position, one.block.height(), "state digest: expected=" + one.block.header().stateDigest()
                + " actual=" + chain.stateDigest());
        }
        chain.execute(one.block, contents);
    }

    /** There are no more records: where its batches stand is forgotten. */
    void end() {
        batches = new HashIndex();
    }

    /** Tells of bytes that are no record of the ledger. */
    void onUnreadable(final long position, final int type) {
        records++;
        fault(position, Finding.NO_HEIGHT, "not a record of the ledger: kind=" + type);
    }

    private void fault(final long position, final long height, final String reason) {
        findings.fault(places.file(position), places.offset(position), height, reason);
    }

    /** Height of the last block that its certificates make final. */
    long height() {
        return head.height;
    }

    /** Number of records. */
    long records() {
        return records;
    }

    /** The wanted blocks that are recorded. */
    Set<Hash> found() {
        return found;
    }

    /** Whether a block above the last final one is recorded. */
    boolean isUndecided(final Hash block) {
        return open.containsKey(block);
    }
}
