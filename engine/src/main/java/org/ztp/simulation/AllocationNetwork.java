package org.ztp.simulation;

import org.ztp.transport.Parcel;
import org.ztp.transport.ParcelCodec;
import org.ztp.wire.WireWriter;

/** Carries parcels between all replicas of an allocation as bytes: late, twice, in any order, or not at all. */
final class AllocationNetwork {
    private static final long SHORTEST_NS = 10_000;

    private final Allocation world;
    private final Receiver receiver;
    private final int[] side;

    /** Takes what arrives. */
    interface Receiver {
        void receive(int to, int from, Parcel parcel);
    }

    AllocationNetwork(final Allocation world, final Receiver receiver) {
        this.world = world;
        this.receiver = receiver;
        side = new int[world.genesis.replicas().size()];
    }

    /** Another second: who hears whom. */
    void drawSides() {
        final boolean parted = world.chance(world.faults.partitionPerMille());
        if (parted) {
            world.count("partitions");
        }
        for (int i = 0; i < side.length; i++) {
            side[i] = parted ? world.random.nextInt(2) : 0;
        }
    }

    void send(final int from, final int to, final Parcel parcel) {
        world.count("messages");
        final WireWriter out = new WireWriter();
        ParcelCodec.encode(parcel, out);
        final byte[] bytes = out.toBytes();
        final AllocationFaults faults = world.faults;
        final boolean lost = !world.healed && (side[from] != side[to] || world.random.nextInt(100) < faults.lossPercent());
        final int copies = lost ? 0 : !world.healed && world.random.nextInt(100) < faults.duplicatePercent() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            world.timeline.at(SHORTEST_NS + world.soonNs(world.healed ? 200_000 : faults.maxDelayNs()),
                () -> receiver.receive(to, from, ParcelCodec.decode(bytes, 0, bytes.length).orElseThrow()));
        }
    }
}
