package org.ztp.runtime;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ztp.wire.Hash;

/** What the replicas of one sub-cluster in this process have for the archive. */
final class ArchiveSource implements ArchiveDuty.Source {
    private final GroupNode group;

    ArchiveSource(final GroupNode group) {
        this.group = group;
    }

    @Override
    public long height() {
        return group.roster().reader().map(Replica::indexedHeight).orElse(0L);
    }

    @Override
    public int before() {
        final List<Replica> here = group.roster().replicas();
        final Optional<Replica> lowest = here.stream().filter(Replica::isRunning)
            .min(Comparator.comparingInt(Replica::id));
        if (lowest.isEmpty()) {
            return group.group().size();
        }
        final Set<Integer> suspected = lowest.get().suspected();
        return (int) group.group().members().stream().filter(member -> member < lowest.get().id()
            && !suspected.contains(member) && here.stream().noneMatch(replica -> replica.id() == member)).count();
    }

    @Override
    public boolean isAwaited() {
        return group.submissions().held() > 0;
    }

    @Override
    public void archived(final long height) {
        group.archived(height);
    }

    @Override
    public Optional<Hash> block(final long height) {
        return group.roster().reader().flatMap(replica -> replica.store().finalBlock(height));
    }

    @Override
    public Optional<FinalRecords> records(final long height) {
        return group.roster().reader().flatMap(replica -> replica.store().finalRecords(height));
    }
}
