package org.ztp.mpi;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Ranks on this host, by their process ids. */
final class LocalProcesses implements RankProcesses {
    private final Map<Integer, ProcessHandle> ranks = new ConcurrentHashMap<>();

    @Override
    public void joined(final int rank, final long pid, final String node) {
        ProcessHandle.of(pid).ifPresent(one -> ranks.put(rank, one));
    }

    @Override
    public boolean isGone(final Arrivals.Place place) {
        return ProcessHandle.of(place.pid()).filter(ProcessHandle::isAlive).isEmpty();
    }

    /** Its process tells by itself when it is gone. */
    @Override
    public void stopped(final int rank) {
    }

    @Override
    public boolean hasEnded(final int rank) {
        return ranks.containsKey(rank) && !ranks.get(rank).isAlive();
    }

    @Override
    public Set<Integer> running() {
        return ranks.entrySet().stream().filter(one -> one.getValue().isAlive()).map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    }

    @Override
    public void askToStop(final Set<Integer> which) {
        which.forEach(rank -> ranks.get(rank).destroy());
    }

    @Override
    public void kill() {
        ranks.values().forEach(ProcessHandle::destroyForcibly);
    }
}
