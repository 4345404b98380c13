package org.ztp.audit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ztp.cluster.SubCluster;
import org.ztp.ledger.StateMachine;
import org.ztp.ledger.Voters;
import org.ztp.storage.Finding;
import org.ztp.storage.disk.Disk;
import org.ztp.storage.journal.JournalAudit;
import org.ztp.team.Team;

/** For tests: the journals of one sub-cluster's replicas, on whatever disks, verified as {@link SubClusterCheck} does. */
public final class DiskAudit {
    private final SubCluster group;
    private final List<Voters> voters;
    private final Team team;
    private final FinalChain chain;
    private final SignedVotes votes = new SignedVotes();
    private final HashIndex known = new HashIndex();

    /** None was looked at; signatures of clients count as good. */
    public DiskAudit(final SubCluster group, final List<Voters> voters, final StateMachine machine, final Team team) {
        this.group = group;
        this.voters = voters;
        this.team = team;
        chain = new FinalChain(own().chain(), machine);
    }

    private Voters own() {
        return voters.get(group.id());
    }

    /** What is wrong with a journal whose bytes are as they were written; empty if they are not, and were not always. */
    public Optional<List<String>> faults(final Disk journal) {
        final Findings findings = new Findings();
        final Tally tally = new Tally(Progress.NONE, 0);
        final AuditContext context = new AuditContext(journal, null, Optional.empty(), Optional.empty(), false, team,
            (key, keyOffset, signature, signatureOffset, message) -> true, known, findings, tally);
        final JournalCheck check = new JournalCheck(own(), group, chain, votes, new EpochCheck(voters,
            new ToldHeads(voters.size()), known), Set.of(), RecordPlaces.ofJournal(journal, ""), findings, tally);
        final RecordFeed feed = new RecordFeed(context, own(), check);
        final List<Finding> bytes = JournalAudit.run(journal, own().chain().toBytes(), feed::take);
        feed.end();
        return bytes.stream().anyMatch(one -> one.kind() != Finding.Kind.TORN_TAIL) ? Optional.empty()
            : Optional.of(findings.faults().stream().map(org.ztp.audit.Finding::toString).toList());
    }

    /** Up to which height all was executed. */
    public long height() {
        return chain.height();
    }
}
