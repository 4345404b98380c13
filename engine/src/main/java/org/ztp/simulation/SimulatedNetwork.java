package org.ztp.simulation;

import org.ztp.consensus.Message;
import org.ztp.consensus.MessageCodec;
import org.ztp.wire.WireWriter;

/** Carries messages as bytes: late, twice, in any order, or not at all. */
final class SimulatedNetwork {
    private final World world;
    private final Receiver receiver;
    private boolean[][] cut;

    /** Takes what arrives. */
    interface Receiver {
        void receive(int to, int from, Message message);
    }

    SimulatedNetwork(final World world, final Receiver receiver) {
        this.world = world;
        this.receiver = receiver;
        this.cut = new boolean[world.group.size()][world.group.size()];
    }

    /** Another second: who hears whom. */
    void drawCuts() {
        final int size = world.group.size();
        cut = new boolean[size][size];
        if (world.chance(world.faults.network().partitionPerMille())) {
            world.count("partitions");
            final int[] side = new int[size];
            for (int i = 0; i < size; i++) {
                side[i] = world.random.nextInt(2);
            }
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    cut[i][j] = side[i] != side[j];
                }
            }
        }
        if (world.chance(world.faults.network().cutPerMille())) {
            world.count("one-way cuts");
            for (int i = 0; i < size; i++) {
                cut[world.random.nextInt(size)][world.random.nextInt(size)] = true;
            }
        }
    }

    void send(final int from, final int to, final Message message) {
        final WireWriter out = new WireWriter();
        MessageCodec.encode(message, out);
        send(from, to, out.toBytes());
    }

    /** Sends bytes that may be anything; what is no message is dropped by the receiver. */
    void send(final int from, final int to, final byte[] bytes) {
        world.count("messages");
        final Faults.Network fate = world.faults.network();
        final boolean lost = !world.healed && (cut[from][to] || world.random.nextInt(100) < fate.lossPercent());
        final int copies = lost ? 0 : !world.healed && world.random.nextInt(100) < fate.duplicatePercent() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            final long spread = world.healed ? 200_000 : fate.maxDelayNs() - fate.minDelayNs();
            final long atNs = world.soonNs(spread) + fate.minDelayNs();
            world.timeline.at(atNs, () -> MessageCodec.decode(bytes, 0, bytes.length).ifPresentOrElse(
                message -> receiver.receive(to, from, message), () -> world.count("no messages")));
        }
    }
}
