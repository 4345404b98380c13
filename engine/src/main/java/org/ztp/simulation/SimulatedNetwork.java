package org.ztp.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ztp.transport.Parcel;
import org.ztp.transport.ParcelCodec;
import org.ztp.wire.WireWriter;

/** Carries parcels between all replicas as bytes: late, twice, in any order, or not at all. */
final class SimulatedNetwork {
    private final Course course;
    private final Receiver receiver;
    private final Map<Integer, Connections> connections = new HashMap<>();
    /** Those of all sub-clusters that the others do not hear just now. */
    private final Map<Integer, Integer> side = new HashMap<>();

    /** Takes what arrives. */
    interface Receiver {
        void receive(int to, int from, Parcel parcel);
    }

    SimulatedNetwork(final Course course, final Receiver receiver) {
        this.course = course;
        this.receiver = receiver;
    }

    /** The members of a sub-cluster are in it from now on. */
    Connections join(final World world) {
        final Connections joined = new Connections(world);
        world.group.members().forEach(member -> connections.put(member, joined));
        return joined;
    }

    /** Half of all replicas do not hear the other half any more; or again all do. */
    void part(final boolean parted) {
        side.clear();
        if (parted) {
            course.count("partitions of all");
            List.copyOf(connections.keySet()).forEach(replica -> side.put(replica, course.random.nextInt(2)));
        }
    }

    void send(final int from, final int to, final Parcel parcel) {
        final boolean kept = connections.get(from).keeps(from, to, parcel);
        final WireWriter out = new WireWriter();
        ParcelCodec.encode(parcel, out);
        if (!kept) {
            send(from, to, out.toBytes());
        }
    }

    /** Sends bytes that may be anything; what is no parcel is dropped by the receiver. */
    void send(final int from, final int to, final byte[] bytes) {
        course.count("messages");
        final Connections ways = connections.get(from);
        final int copies = ways.copies(ways.isCut(from, to) || side.getOrDefault(from, 0) != side.getOrDefault(to, 0));
        for (int i = 0; i < copies; i++) {
            course.timeline.at(ways.arrivalNs(), () -> ParcelCodec.decode(bytes, 0, bytes.length).ifPresentOrElse(
                parcel -> receiver.receive(to, from, parcel), () -> course.count("no messages")));
        }
    }
}
