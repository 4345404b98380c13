package org.ztp.audit;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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
    private static final String SAFETY_RECORD = "record";

    private final AuditContext context;
    private final SubCluster group;
    private final Voters voters;
    private final List<Voters> allVoters;
    private final ToldHeads told;
    private final FinalChain chain;
    private final SignedVotes votes = new SignedVotes();
    private final Map<Integer, SafetyState> safeties = new TreeMap<>();
    private final Map<Integer, JournalCheck> journals = new TreeMap<>();
    private final Map<Integer, JournalCheck> snapshots = new TreeMap<>();
    private final Set<Hash> recorded = new HashSet<>();
    private Optional<Path> absentArchive = Optional.empty();

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
        for (final int replica : group.members()) {
            context.guard(safetyFile(replica), () -> readSafety(replica));
        }
        for (final int replica : group.members()) {
            context.guard(journalDirectory(replica), () -> readJournal(replica));
        }
        absentArchive.ifPresent(this::tellAbsent);
        checkLocks();
        for (final int replica : group.members()) {
            checkReplica(replica);
        }
        if (chain.height() < chain.highest()) {
            context.findings().fault("", 0, chain.height() + 1, "sub-cluster " + group.id() + " is final up to height "
                + chain.highest() + ", and no journal has all that is needed to execute the block of this height, nor has the "
                + "archive");
        }
    }

    private void readSafety(final int replica) {
        final Disk disk = context.directory(replicaDirectory(replica) + "/safety");
        if (disk.exists(SAFETY_RECORD)) {
            context.tally().begin(safetyFile(replica));
            safety(replica).run(disk, SAFETY_RECORD, context.running(), votes)
                .ifPresent(state -> safeties.put(replica, state));
        }
    }

    private SafetyCheck safety(final int replica) {
        return new SafetyCheck(safetyFile(replica), voters, context.findings(), context.tally(), context.known());
    }

    private void readJournal(final int replica) {
        readJournal(journalDirectory(replica), Optional.empty()).ifPresent(check -> journals.put(replica, check));
        final String directory = replicaDirectory(replica) + "/snapshot";
        if (context.directory(directory).exists("begun")) {
            final SnapshotCheck snapshot = new SnapshotCheck(voters);
            readJournal(directory + "/journal", Optional.of(snapshot)).ifPresent(check -> snapshots.put(replica, check));
            if (!snapshot.fault().isEmpty()) {
                context.findings().fault(directory, snapshot.fault());
            }
            snapshot.head().ifPresent(head -> context.findings().note(directory, "replica " + replica
                + " goes on from a snapshot of height " + head.height() + " and gets the blocks below that meanwhile"));
        }
    }

    private Optional<JournalCheck> readJournal(final String directory, final Optional<SnapshotCheck> snapshot) {
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
            || group.members().stream().anyMatch(replica -> context.exists("replicas/" + replica + "/life"));
        context.findings().add(new Finding(hasRun ? Finding.Level.FAULT : Finding.Level.NOTE, archive.toString(), 0,
            Finding.NO_HEIGHT, "", "the archive of sub-cluster " + group.id() + ", which archive.dir names, is not here"));
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
        safeties.forEach((replica, state) -> {
            final Certificate lock = state.high();
            final boolean voterIsHere = lock.votes().stream().anyMatch(vote -> journals.containsKey(vote.replica()));
            if (voterIsHere && !recorded.contains(lock.block()) && told.add(lock.block())) {
                missing(safetyFile(replica), lock.height(), "no journal has a record of block " + lock.block()
                    + ", which all who voted for it had recorded: the ends of the journals are lost");
            }
        });
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
        } else if (own.isEmpty() && !context.running() && journals.size() == group.size()) {
            context.findings().fault("", 0, height, "sub-cluster " + teller + " names an epoch in which sub-cluster "
                + group.id() + " is final up to this height, but no journal knows of it: the ends of the journals "
                + "are lost");
        }
    }

    private void checkReplica(final int replica) {
        final JournalCheck journal = journals.get(replica);
        final JournalCheck snapshot = snapshots.get(replica);
        final SafetyState safety = safeties.get(replica);
        if (journal == null && safety == null && context.exists("replicas/" + replica + "/life")) {
            context.findings().note(replicaDirectory(replica), "replica " + replica + " has what it recorded on another "
                + "node: not verified");
            return;
        }
        if (context.exists(replicaDirectory(replica)) && !context.exists(safetyFile(replica))) {
            context.findings().fault(safetyFile(replica), "the safety record, which each replica has from the start, "
                + "is missing");
        }
        if (journal == null && (safety == null || safety.lives() == 0)) {
            checkAbsent(replica);
            return;
        }
        if (journal == null) {
            context.findings().fault(journalDirectory(replica), "a safety record, and no journal");
        } else {
            checkEnd(replica, snapshot == null ? journal : snapshot, safety == null ? 0 : safety.muteBelow());
        }
        if (safety != null && safety.preparedView() > 0
            && (journal == null || !journal.found().contains(safety.preparedBlock()))
            && (snapshot == null || !snapshot.found().contains(safety.preparedBlock()))) {
            missing(journalDirectory(replica), safety.preparedHeight(), "no record of block " + safety.preparedBlock()
                + ", for which the safety record remembers a vote: the end of the journal is lost");
        }
        if (safety != null && !context.running()) {
            safety(replica).remembers(safety, replica, votes);
        }
    }

    private void checkAbsent(final int replica) {
        final Optional<Certificate> signed = votes.of(replica, Phase.COMMIT);
        if (!context.exists(replicaDirectory(replica))) {
            context.findings().note(replicaDirectory(replica), "replica " + replica + " is not here: not verified");
        } else if (signed.isPresent()) {
            context.findings().fault(journalDirectory(replica), 0, signed.get().height(), "no journal, but replica "
                + replica + " has voted up to this height");
        } else {
            context.findings().note(replicaDirectory(replica), "replica " + replica + " has not recorded anything");
        }
    }

    /**
     * Whether the journal's end has what others' certificates say that this replica had recorded; what it voted for in
     * views below {@code muteBelow} an earlier life had, whose record this one replaced.
     */
    private void checkEnd(final int replica, final JournalCheck journal, final long muteBelow) {
        if (journal.height() < chain.highest()) {
            context.findings().note(journalDirectory(replica), "replica " + replica + " is "
                + (chain.highest() - journal.height()) + " blocks behind: height=" + journal.height() + " of "
                + chain.highest());
        }
        final Optional<Certificate> signed = votes.of(replica, Phase.COMMIT);
        if (!context.running() && signed.isPresent() && signed.get().height() > journal.height()
            && signed.get().view() >= muteBelow && !journal.isUndecided(signed.get().block())) {
            missing(journalDirectory(replica), signed.get().height(), "no record of block " + signed.get().block()
                + ", for which replica " + replica + " has voted: the end of the journal is lost");
        }
    }

    /** While a service runs, what it holds in memory alone (durability {@code memory}) is not lost. */
    private void missing(final String file, final long height, final String reason) {
        context.findings().add(new Finding(context.running() ? Finding.Level.NOTE : Finding.Level.FAULT, file, 0,
            height, "", reason));
    }

    private String replicaDirectory(final int replica) {
        return context.dataOf(replica);
    }

    private String safetyFile(final int replica) {
        return replicaDirectory(replica) + "/safety/" + SAFETY_RECORD;
    }

    private String journalDirectory(final int replica) {
        return replicaDirectory(replica) + "/journal";
    }

    FinalChain chain() {
        return chain;
    }

    SubClusterResult result() {
        return new SubClusterResult(group.id(), chain.height(), chain.tip(), chain.stateDigest(), chain.transactions());
    }

    /** The result of a replica; empty if it has no journal. */
    Optional<ReplicaResult> result(final int replica) {
        return Optional.ofNullable(journals.get(replica))
            .map(journal -> new ReplicaResult(replica, journal.height(), journal.records()));
    }
}
