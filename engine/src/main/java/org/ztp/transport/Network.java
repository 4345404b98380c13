package org.ztp.transport;

/** Where the replicas of this process meet those that they speak with, here or elsewhere. Any thread may call. */
public interface Network {
    /** Lets a replica of this process receive, from now on or again. */
    void join(int replica, Transport.Receiver receiver);

    /** A replica of this process is gone: what is sent to it is dropped. */
    void leave(int replica);

    /** The way of one replica of this process to the others. */
    Transport from(int replica);
}
