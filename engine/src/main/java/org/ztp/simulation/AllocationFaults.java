package org.ztp.simulation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ztp.cluster.Genesis;

/**
 * How badly things go in a simulated allocation, as drawn from a seed.
 *
 * @param subClusters how badly they go in each sub-cluster
 * @param partitionPerMille chance in each second that half of all replicas do not hear the other half
 * @param halts whether the last sub-cluster is gone for most of the time
 */
record AllocationFaults(List<Faults> subClusters, int partitionPerMille, boolean halts) {
    private static final String PARTITIONS = "partitions-of-all";
    private static final String HALTS = "halts";
    /** Names of troubles that no single sub-cluster has. */
    static final List<String> OWN_TROUBLES = List.of(PARTITIONS, HALTS);
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Keeps the list as it is. */
    AllocationFaults {
        subClusters = List.copyOf(subClusters);
    }

    static AllocationFaults none(final int replicas, final int subClusterSize) {
        return new AllocationFaults(sizes(replicas, subClusterSize).stream().map(Faults::none).toList(), 0, false);
    }

    /** What a seed draws. */
    static AllocationFaults ofSeed(final long seed, final int replicas, final int subClusterSize) {
        final Random random = new Random(seed * SPREAD);
        final List<Faults> drawn = new ArrayList<>();
        for (final int size : sizes(replicas, subClusterSize)) {
            drawn.add(Faults.ofSubCluster(random, size));
        }
        return new AllocationFaults(drawn, random.nextInt(2) * random.nextInt(300),
            drawn.size() > 1 && random.nextBoolean());
    }

    private static List<Integer> sizes(final int replicas, final int subClusterSize) {
        final int[] homes = Genesis.layOut(replicas, subClusterSize);
        return IntStream.range(0, replicas / subClusterSize).mapToObj(home ->
            (int) IntStream.of(homes).filter(one -> one == home).count()).toList();
    }

    /** The same without some troubles, by their names; names of none are passed over. */
    AllocationFaults without(final Set<String> names) {
        return new AllocationFaults(subClusters.stream().map(one -> Trouble.without(one, names)).toList(),
            names.contains(PARTITIONS) ? 0 : partitionPerMille, halts && !names.contains(HALTS));
    }

    /** The names of what goes wrong. */
    List<String> troubles() {
        final Set<String> names = new LinkedHashSet<>();
        subClusters.forEach(one -> names.addAll(Trouble.of(one)));
        if (partitionPerMille > 0) {
            names.add(PARTITIONS);
        }
        if (halts) {
            names.add(HALTS);
        }
        return List.copyOf(names);
    }

    int replicas() {
        return subClusters.stream().mapToInt(Faults::replicas).sum();
    }

    @Override
    public String toString() {
        return replicas() + " replicas in " + subClusters.size() + " sub-clusters, partitions of all "
            + partitionPerMille + " per mille" + (halts ? ", the last sub-cluster gone for a while" : "")
            + subClusters.stream().map(one -> "\n" + one).collect(Collectors.joining());
    }
}
