package org.ztp.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The replicas of one process: a parcel is handed to the receiver by the sending thread. */
public final class LocalTransport implements Network {
    private final Map<Integer, Transport.Receiver> receivers = new ConcurrentHashMap<>();

    @Override
    public void join(final int replica, final Transport.Receiver receiver) {
        receivers.put(replica, receiver);
    }

    @Override
    public void leave(final int replica) {
        receivers.remove(replica);
    }

    @Override
    public Transport from(final int replica) {
        return (to, parcel) -> {
            final Transport.Receiver receiver = receivers.get(to);
            return receivers.containsKey(replica) && receiver != null && receiver.onParcel(replica, parcel);
        };
    }
}
