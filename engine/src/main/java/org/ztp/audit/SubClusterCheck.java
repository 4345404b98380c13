package org.ztp.audit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ztp.audit.VerificationReport.ReplicaResult;
import org.ztp.audit.VerificationReport.SubClusterResult;
import org.ztp.cluster.SubCluster;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.Voters;
import org.ztp.storage.archive.Archive;
import org.ztp.storage.archive.Link;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.journal.JournalAudit;
import org.ztp.wire.Hash;

/**
 * Checks the replicas of one sub-cluster, each by itself and against the others.
 *
 * <p>The archive is read first and the safety records before the journals: what these have was in the journals before.
 */
final class SubClusterCheck {
    private final AuditContext context;
    private final SubCluster group;
    private final Voters voters;
    private final List<Voters> allVoters;
    private final ToldHeads told;
    private final FinalChain chain;
    private final SignedVotes votes = new SignedVotes();
    private final List<ReplicaData> data = new ArrayList<>();
    private final Map<ReplicaData, SafetyState> safeties = new LinkedHashMap<>();
    private final Map<ReplicaData, JournalCheck> journals = new LinkedHashMap<>();
    private final Map<ReplicaData, JournalCheck> snapshots = new LinkedHashMap<>();
    private final Set<Hash> recorded = new HashSet<>();
    private Optional<Path> absentArchive = Optional.empty();
    /** Up to which height the archive was verified, and its last block. */
    private long archived;
    private Hash archivedTip = Hash.ZERO;

    SubClusterCheck(final AuditContext context, final SubCluster group, final List<Voters> allVoters,
                    final StateMachine machine) {
        this.context = context;
        this.group = group;
        this.allVoters = allVoters;
        this.voters = allVoters.get(group.id());
        this.told = new ToldHeads(allVoters.size());
        this.chain = new FinalChain(voters.chain(), machine);
    }

    void run() {
        context.archive().map(all -> all.resolve(voters.chain().toString()).resolve(Integer.toString(group.id())))
            .ifPresent(archive -> context.guard(archive.toString(), () -> readArchive(archive)));
        archived = chain.height();
        archivedTip = chain.tip();
        group.members().forEach(replica -> data.addAll(context.dataOf(replica)));
        data.forEach(one -> context.guard(one.safetyFile(), () -> readSafety(one)));
        data.forEach(one -> context.guard(one.journal(), () -> readJournal(one)));
        absentArchive.ifPresent(this::tellAbsent);
        checkLocks();
        data.forEach(this::checkData);
        checkMoved();
        if (chain.height() < chain.highest()) {
            context.findings().fault("", 0, chain.height() + 1, "sub-cluster " + group.id() + " is final up to height "
                + chain.highest() + ", and no journal has all that is needed to execute the block of this height, nor has the "
                + "archive");
        }
    }

    private void readSafety(final ReplicaData one) {
        final Disk disk = context.directory(one.safety());
        if (disk.exists(ReplicaData.SAFETY_RECORD)) {
            context.tally().begin(one.safetyFile());
            safety(one).run(disk, ReplicaData.SAFETY_RECORD, context.running(), votes)
                .ifPresent(state -> safeties.put(one, state));
        }
    }

    private SafetyCheck safety(final ReplicaData one) {
        return new SafetyCheck(one.safetyFile(), voters, context.findings(), context.tally(), context.known());
    }

    private void readJournal(final ReplicaData one) {
        if (one.handedOver()) {
            readHandedOver(one);
            return;
        }
        readJournal(one.journal(), check -> { }, Optional.empty()).ifPresent(check -> journals.put(one, check));
        if (context.directory(one.snapshot()).exists("begun")) {
            final SnapshotCheck snapshot = new SnapshotCheck(voters);
            readJournal(one.snapshot() + "/journal", check -> { }, Optional.of(snapshot))
                .ifPresent(check -> snapshots.put(one, check));
            if (!snapshot.fault().isEmpty()) {
                context.findings().fault(one.snapshot(), snapshot.fault());
            }
            snapshot.head().ifPresent(head -> context.findings().note(one.snapshot(), "replica " + one.replica()
                + " goes on from a snapshot of height " + head.height() + " and gets the blocks below that meanwhile"));
        }
    }

    /** Where voting began anew, replicas are handed a record of which there is no journal yet. */
    private void readHandedOver(final ReplicaData one) {
        final boolean isNew = Optional.ofNullable(safeties.get(one)).filter(state -> state.lives() == 0).isPresent();
        final AuditDisk disk = context.directory(one.journal());
        if (isNew && disk.exists("") && disk.list("").isEmpty()) {
            final JournalCheck none = check(Set.of(), RecordPlaces.ofJournal(disk, one.journal() + "/"));
            none.goOnFrom(archived, archivedTip);
            journals.put(one, none);
        } else {
            readJournal(one.journal(), check -> check.goOnFrom(archived, archivedTip), Optional.empty())
                .ifPresent(check -> journals.put(one, check));
        }
    }

    private Optional<JournalCheck> readJournal(final String directory, final Consumer<JournalCheck> start,
                                               final Optional<SnapshotCheck> snapshot) {
        AuditDisk disk = context.directory(directory);
        if (!disk.exists("")) {
            return Optional.empty();
        }
        context.tally().begin(directory);
        final RecordPlaces places = RecordPlaces.ofJournal(disk, directory + "/");
        if (context.running()) {
            disk = asItIsNow(disk, places);
        }
        final JournalCheck check = check(wanted(), places);
        start.accept(check);
        final RecordFeed feed = new RecordFeed(context, voters, check, snapshot);
        context.findings().addAll(directory + "/", JournalAudit.run(disk, voters.chain().toBytes(), feed::take));
        feed.end();
        recorded.addAll(check.found());
        return Optional.of(check);
    }

    /** Reads an archive like a journal: it holds the same records, without those that did not become final. */
    private void readArchive(final Path directory) {
        if (!FileDisk.isThere(directory)) {
            absentArchive = Optional.of(directory);
            return;
        }
        final Disk disk = FileDisk.existing(directory);
        context.tally().begin(directory.toString());
        final byte[] name = voters.chain().toBytes();
        final Archive archive = new Archive(disk, name, new Link(name), "verify");
        context.findings().addAll(directory + "/", archive.audit().findings());
        final RecordPlaces places = RecordPlaces.ofArchive(disk, directory + "/");
        final JournalCheck check = check(Set.of(), places);
        final RecordFeed feed = new RecordFeed(context, voters, check);
        final Archive.Replayed replayed = archive.replay(1, (chunk, at, height, kind, buffer, offset, length) -> {
            context.tally().read(RecordPlaces.recordBytes(length));
            feed.take(places.next(chunk.fileName(), at), kind, buffer, offset, length);
        });
        feed.end();
        if (check.height() < replayed.height()) {
            context.findings().fault(directory.toString(), 0, check.height() + 1, "the archive has records up to height "
                + replayed.height() + ", and no certificate that makes them final");
        }
        context.findings().note(directory.toString(), "the archive of sub-cluster " + group.id()
            + " is verified to height " + check.height());
    }

    /** A service makes its archive's directory before anything becomes final. */
    private void tellAbsent(final Path archive) {
        final boolean hasRun = chain.highest() > 0
            || group.members().stream().anyMatch(context::hadLifeOnNode);
        context.findings().add(new Finding(hasRun ? Finding.Level.FAULT : Finding.Level.NOTE, archive.toString(), 0,
            Finding.NO_HEIGHT, "", "the archive of sub-cluster " + group.id()
                + ", which archive.dir names, is not here"));
    }

    private JournalCheck check(final Set<Hash> wanted, final RecordPlaces places) {
        return new JournalCheck(voters, group, chain, votes, new EpochCheck(allVoters, told, context.known()),
            wanted, places, context.findings(), context.tally());
    }

    /**
     * The journal up to its last whole record now. A service writes from the front to the back: so by the time that
     * this is read again, all before that record's end has been written in full.
     */
    private static AuditDisk asItIsNow(final AuditDisk disk, final RecordPlaces places) {
        final Map<String, Long> visible = new HashMap<>();
        disk.list("").forEach(entry -> visible.put(entry.name(), Long.MAX_VALUE));
        places.last().ifPresent(last -> {
            final long[] end = {RecordPlaces.SEGMENT_HEADER_BYTES};
            JournalAudit.run(disk.only(Map.of(last.getValue(), Long.MAX_VALUE)), new byte[Hash.BYTES],
                (position, type, buffer, offset, length) ->
                    end[0] = position - last.getKey() + RecordPlaces.recordBytes(length));
            visible.put(last.getValue(), end[0]);
        });
        return disk.only(visible);
    }

    /** The blocks that a safety record speaks of. */
    private Set<Hash> wanted() {
        final Set<Hash> wanted = new HashSet<>();
        safeties.values().forEach(state -> {
            wanted.add(state.preparedBlock());
            wanted.add(state.high().block());
        });
        return wanted;
    }

    /** Who voted for the block of a lock had recorded it: if one of them is here and nobody has it, it is lost. */
    private void checkLocks() {
        final Set<Hash> told = new HashSet<>();
        safeties.forEach((one, state) -> {
            final Certificate lock = state.high();
            final boolean voterIsHere = lock.votes().stream().anyMatch(vote -> journal(vote.replica()).isPresent());
            if (voterIsHere && !recorded.contains(lock.block()) && !isArchived(lock.height(), lock.block())
                && told.add(lock.block())) {
                missing(one.safetyFile(), lock.height(), "no journal has a record of block " + lock.block()
                    + ", which all who voted for it had recorded: the ends of the journals are lost");
            }
        });
    }

    private boolean isArchived(final long height, final Hash block) {
        return height > 0 && height <= archived && chain.at(height).equals(Optional.of(block));
    }

    /** Whether the heads that this sub-cluster's epochs tell are blocks of the others' chains. */
    void checkHeads(final List<SubClusterCheck> all) {
        final Map<Integer, Long> lost = new TreeMap<>();
        told.forEach((subCluster, height, view, block) -> {
            if (allVoters.get(subCluster).root().isLost(height, view)) {
                lost.merge(subCluster, height, Math::max);
            } else {
                all.get(subCluster).checkHead(group.id(), height, block);
            }
        });
        lost.forEach((subCluster, height) -> context.findings().note("", "sub-cluster " + group.id() + " names epochs in which "
            + "sub-cluster " + subCluster + " is final up to height " + height + ", of which what was above height "
            + allVoters.get(subCluster).root().upTo(height).height() + " was lost when voting began anew"));
    }

    private void checkHead(final int teller, final long height, final Hash block) {
        final Optional<Hash> own = chain.at(height);
        if (own.isPresent() && !own.get().equals(block)) {
            context.findings().fault("", 0, height, "sub-cluster " + teller + " names an epoch in which the head of "
                + "sub-cluster " + group.id() + " is " + block + ", but its final block at this height is "
                + own.get());
        } else if (own.isEmpty() && !context.running()
            && group.members().stream().allMatch(replica -> journal(replica).isPresent())) {
            context.findings().fault("", 0, height, "sub-cluster " + teller + " names an epoch in which sub-cluster "
                + group.id() + " is final up to this height, but no journal knows of it: the ends of the journals "
                + "are lost");
        }
    }

    private void checkData(final ReplicaData one) {
        final JournalCheck journal = journals.get(one);
        final JournalCheck snapshot = snapshots.get(one);
        final SafetyState safety = safeties.get(one);
        if (journal == null && safety == null && !one.handedOver() && context.hadLifeOnNode(one.replica())) {
            tellMoved(one);
            return;
        }
        if (context.exists(one.directory()) && !context.exists(one.safetyFile())) {
            missing(one.safetyFile(), Finding.NO_HEIGHT, "the safety record, which each replica has from the start, "
                + "is missing");
        }
        if (journal == null && (safety == null || safety.lives() == 0)) {
            checkAbsent(one);
            return;
        }
        if (journal == null) {
            missing(one.journal(), Finding.NO_HEIGHT, "a safety record, and no journal");
        } else {
            checkEnd(one, snapshot == null ? journal : snapshot, safety == null ? 0 : safety.muteBelow());
        }
        if (safety != null && safety.preparedView() > 0
            && (journal == null || !journal.found().contains(safety.preparedBlock()))
            && (snapshot == null || !snapshot.found().contains(safety.preparedBlock()))
            && !(one.handedOver() && isArchived(safety.preparedHeight(), safety.preparedBlock()))) {
            missing(one.journal(), safety.preparedHeight(), "no record of block " + safety.preparedBlock()
                + ", for which the safety record remembers a vote: the end of the journal is lost");
        }
        if (safety != null && !context.running()) {
            safety(one).remembers(safety, one.replica(), votes);
        }
    }

    /** It is what a replica on another node leaves here; without local.dir nobody says that it is on one. */
    private void tellMoved(final ReplicaData one) {
        final String left = "replicas/" + one.replica() + "/handover";
        if (context.exists(left)) {
            context.findings().note(left, "handed over at the end of another life than the last: not verified");
        }
        if (context.local().isPresent() || context.running()) {
            context.findings().note(one.directory(), "replica " + one.replica() + " has what it recorded on another "
                + "node: not verified");
        } else {
            context.findings().fault(one.directory(), "nothing that replica " + one.replica() + " recorded is here, "
                + "and it handed nothing over; if it is on a node, local.dir is to say so here as it does there");
        }
    }

    /** That nothing is wrong with nothing says nothing of a ledger. */
    private void checkMoved() {
        final boolean isArchiveHere = context.archive().isPresent() && absentArchive.isEmpty();
        if (journals.isEmpty() && !isArchiveHere && group.members().stream().anyMatch(context::hadLifeOnNode)) {
            context.findings().fault("replicas", "all that sub-cluster " + group.id() + " recorded is on other nodes, "
                + "and no archive has any of it: there is nothing to verify");
        }
    }

    private void checkAbsent(final ReplicaData one) {
        final Optional<Certificate> signed = votes.of(one.replica(), Phase.COMMIT);
        if (!context.exists(one.directory())) {
            context.findings().note(one.directory(), "replica " + one.replica() + " is not here: not verified");
        } else if (signed.isPresent()) {
            missing(one.journal(), signed.get().height(), "no journal, but replica " + one.replica()
                + " has voted up to this height");
        } else {
            context.findings().note(one.directory(), "replica " + one.replica() + " has not recorded anything");
        }
    }

    /**
     * Whether the journal's end has what others' certificates say that this replica had recorded; what it voted for in
     * views below {@code muteBelow} an earlier life had, whose record this one replaced.
     */
    private void checkEnd(final ReplicaData one, final JournalCheck journal, final long muteBelow) {
        if (journal.height() < chain.highest()) {
            context.findings().note(one.journal(), "replica " + one.replica() + " is "
                + (chain.highest() - journal.height()) + " blocks behind: height=" + journal.height() + " of "
                + chain.highest());
        }
        final Optional<Certificate> signed = votes.of(one.replica(), Phase.COMMIT);
        if (!context.running() && signed.isPresent() && signed.get().height() > journal.height()
            && signed.get().view() >= muteBelow && !journal.isUndecided(signed.get().block())) {
            missing(one.journal(), signed.get().height(), "no record of block " + signed.get().block()
                + ", for which replica " + one.replica() + " has voted: the end of the journal is lost");
        }
    }

    /**
     * While a service runs, what it holds in memory alone (durability {@code memory}) is not lost, nor what it has not
     * made yet: a spare rank makes the directory of its data first.
     */
    private void missing(final String file, final long height, final String reason) {
        context.findings().add(new Finding(context.running() ? Finding.Level.NOTE : Finding.Level.FAULT, file, 0,
            height, "", reason));
    }

    FinalChain chain() {
        return chain;
    }

    SubClusterResult result() {
        return new SubClusterResult(group.id(), chain.height(), chain.tip(), chain.stateDigest(), chain.transactions());
    }

    /** The result of a replica; empty if it has no journal. */
    Optional<ReplicaResult> result(final int replica) {
        return journal(replica)
            .map(journal -> new ReplicaResult(replica, journal.height(), journal.records()));
    }

    /** The journal of a replica; what it has handed over if there is no other. */
    private Optional<JournalCheck> journal(final int replica) {
        return data.stream().filter(one -> one.replica() == replica && journals.containsKey(one)).findFirst()
            .map(journals::get);
    }
}
