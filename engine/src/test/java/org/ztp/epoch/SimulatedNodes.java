package org.ztp.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.ledger.Samples;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.Epochs;
import org.ztp.ledger.epoch.SampleEpochs;
import org.ztp.wire.WireWriter;

/**
 * One node for each sub-cluster, and a network between them that loses, delays and doubles, from one seed, in one
 * thread. Every epoch that any node knows is checked when it comes.
 */
final class SimulatedNodes {
    static final long INTERVAL_NS = 1_000_000_000L;

    final List<Voters> voters;
    final long[] heights;
    final Set<Integer> down = new TreeSet<>();
    final Set<Integer> suppressing = new TreeSet<>();
    final List<EpochAction.Fault> faults = new ArrayList<>();
    double loss;
    private final List<EpochCore> cores = new ArrayList<>();
    private final List<List<Epoch>> known = new ArrayList<>();
    private final Random random;
    private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();
    private final List<Integer> nodes;
    private long nowNs;
    private long order;

    private record Scheduled(long atNs, long order, Runnable run) implements Comparable<Scheduled> {
        @Override
        public int compareTo(final Scheduled other) {
            return atNs != other.atNs ? Long.compare(atNs, other.atNs) : Long.compare(order, other.order);
        }
    }

    SimulatedNodes(final int subClusters, final long seed) {
        random = new Random(seed);
        voters = SampleEpochs.voters(subClusters);
        heights = new long[subClusters];
        nodes = voters.stream().map(Voters::subCluster).toList();
        for (int i = 0; i < subClusters; i++) {
            cores.add(null);
            known.add(new ArrayList<>());
            start(i);
        }
    }

    /** A node starts, again with what its replicas remember: their head. */
    void start(final int node) {
        cores.set(node, new EpochCore(new EpochSetting(Samples.CHAIN, voters, node, nodes, List.of(node),
            INTERVAL_NS)));
        known.get(node).clear();
        down.remove(node);
        if (heights[node] > 0) {
            step(node, new EpochEvent.Final(node, SampleEpochs.certificate(node, heights[node])));
        }
        tick(node, cores.get(node));
    }

    /** A sub-cluster makes so many more blocks final. */
    void grow(final int subCluster, final int blocks) {
        heights[subCluster] += blocks;
        if (!down.contains(subCluster)) {
            step(subCluster, new EpochEvent.Final(subCluster, SampleEpochs.certificate(subCluster,
                heights[subCluster])));
        }
    }

    /** Time passes: so many intervals, and a little more, so that what was sent has come. */
    void run(final double intervals) {
        final long until = nowNs + (long) (intervals * INTERVAL_NS);
        while (!queue.isEmpty() && queue.peek().atNs() <= until) {
            final Scheduled next = queue.remove();
            nowNs = next.atNs();
            next.run().run();
        }
        nowNs = until;
    }

    Optional<Epoch> newest(final int node) {
        return cores.get(node).newest();
    }

    /** Epochs that a node has known since it started. */
    List<Epoch> known(final int node) {
        return known.get(node);
    }

    void step(final int node, final EpochEvent event) {
        final List<EpochAction> actions = new ArrayList<>();
        cores.get(node).step(nowNs, event, actions);
        for (final EpochAction action : actions) {
            if (action instanceof EpochAction.Known here) {
                assertEquals(Optional.empty(), Epochs.checkHeads(here.epoch(), Optional.empty(), voters));
                final List<Epoch> before = known.get(node);
                assertTrue(before.isEmpty() || here.epoch().number() > before.get(before.size() - 1).number());
                before.add(here.epoch());
            } else if (action instanceof EpochAction.Send send) {
                send(node, send.to(), send.message());
            } else if (action instanceof EpochAction.Fault fault) {
                faults.add(fault);
            }
        }
    }

    void send(final int from, final int to, final EpochMessage message) {
        if (suppressing.contains(from) && message instanceof EpochMessage.Made) {
            return;
        }
        final WireWriter out = new WireWriter();
        EpochCodec.encode(message, out);
        final byte[] bytes = out.toBytes();
        final int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < loss ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            at(nowNs + 1_000_000 + random.nextInt(20_000_000), () -> {
                if (!down.contains(to) && !down.contains(from)) {
                    step(to, new EpochEvent.Received(from, EpochCodec.decode(bytes, 0, bytes.length).orElseThrow()));
                }
            });
        }
    }

    private void tick(final int node, final EpochCore life) {
        if (cores.get(node) == life && !down.contains(node)) {
            step(node, new EpochEvent.Tick());
            at(Math.max(life.nextTickNs(), nowNs + 1_000_000), () -> tick(node, life));
        }
    }

    private void at(final long timeNs, final Runnable run) {
        queue.add(new Scheduled(timeNs, order++, run));
    }
}
