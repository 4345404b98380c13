package org.ztp.client.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;

/**
 * The service's end of all connections on this node. Owned by one thread, which polls it, and replies. What clients
 * write is never trusted: one that breaks the rules, falls silent or leaves its replies is let go, and no other
 * notices. Costs one read of eight bytes while nobody wants anything.
 */
public final class ClientPort implements AutoCloseable {
    /** Takes requests. */
    @FunctionalInterface
    public interface Handler {
        /**
         * One request; answered by {@link #reply} with the same two numbers, at once or later.
         *
         * @param connection the client's connection
         * @param correlation the client's number of this request
         * @param request what is asked
         */
        void onRequest(long connection, long correlation, ServiceRequest request);
    }

    /**
     * What went wrong so far, each known as a whole to any thread.
     *
     * @param count clients let go because of what they did, and failures of the service's own files, since the start
     * @param last what the last one was; empty if there was none
     */
    record Faults(long count, String last) {
    }

    private static final long LOOK_NS = 20_000_000;
    private static final long ANNOUNCE_NS = 1_000_000_000;

    private final MeetingPlace place;
    private final PortLimits limits;
    private final Premises premises;
    private final LongSupplier nanoClock;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final ByteBuffer bell = ByteBuffer.allocateDirect(Long.BYTES);
    private final ByteBuffer slots = ByteBuffer.allocateDirect(Layout.SLOTS * Layout.SLOT_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN);
    private long lastBell;
    private boolean busy;
    private long lookedAtNs;
    private long beatAtNs;
    private long beat;
    private long announcedAtNs;
    /** Whether new files are needed and could not be made. */
    private boolean announcing;
    private long triedAtNs;
    private long workedAtNs;
    private long nextConnection = 1;
    private volatile Faults faults = new Faults(0, "");

    private ClientPort(final MeetingPlace place, final PortLimits limits, final Premises premises,
                       final LongSupplier nanoClock) {
        this.place = place;
        this.limits = limits;
        this.premises = premises;
        this.nanoClock = nanoClock;
        announcedAtNs = nanoClock.getAsLong();
        workedAtNs = announcedAtNs;
    }

    /**
     * Opens the port for a cluster's directory.
     *
     * @param instance a random number of 0 or more that no other run of the service has
     * @param nanoClock the time, such as {@link System#nanoTime}
     * @return empty if another process on this node serves that directory
     * @throws IOException if there is no room in shared memory, or somebody else's directory is in the way
     */
    public static Optional<ClientPort> open(final Path clusterDirectory, final PortLimits limits, final long instance,
                                            final LongSupplier nanoClock) throws IOException {
        final MeetingPlace place = MeetingPlace.of(clusterDirectory);
        return Premises.enter(place, limits, instance)
            .map(premises -> new ClientPort(place, limits, premises, nanoClock));
    }

    /**
     * Removes what a service that was killed has left in shared memory; does nothing while one runs.
     *
     * @throws IOException if it cannot be removed
     */
    public static void removeLeftOver(final Path clusterDirectory) throws IOException {
        final MeetingPlace place = MeetingPlace.of(clusterDirectory);
        if (Files.exists(place.directory(), LinkOption.NOFOLLOW_LINKS)) {
            Premises.removeLeftOver(place);
        }
    }

    /**
     * One duty cycle: lets clients in and out, passes on requests, sends what replies wait.
     *
     * <p>Clients can fill the shared memory and cut the door. So what fails with the service's own files is noted and tried
     * again; those who are connected are served meanwhile.
     *
     * @return what was done, 0 for nothing
     */
    public int poll(final Handler handler) {
        final long nowNs = nanoClock.getAsLong();
        if (nowNs - beatAtNs >= Layout.BEAT_NS) {
            beatAtNs = nowNs;
            tell(Layout.SERVICE_BEAT, ++beat);
            stayAnnounced(nowNs);
        }
        final boolean rung = isRung(nowNs);
        final boolean looking = nowNs - lookedAtNs >= LOOK_NS;
        if (!rung && !busy && !looking) {
            return 0;
        }
        int work = 0;
        if (rung || looking) {
            work += admit(nowNs);
        }
        for (final Session session : List.copyOf(sessions.values())) {
            work += serve(session, handler, nowNs);
            if (looking) {
                session.checkLife(nowNs);
            }
            if (session.hasLeft()) {
                remove(session);
            } else if (session.fault().isPresent()) {
                dismiss(session);
            }
        }
        if (work > 0) {
            relieve();
        }
        lookedAtNs = looking ? nowNs : lookedAtNs;
        busy = work > 0 || sessions.values().stream().anyMatch(Session::isBehind);
        workedAtNs = work > 0 ? nowNs : workedAtNs;
        return work;
    }

    /**
     * Answers a request, on the thread that polls.
     *
     * @return false if the client is gone; that is nobody's fault
     */
    public boolean reply(final long connection, final long correlation, final ServiceReply reply) {
        return reply(connection, correlation, encode(reply));
    }

    /** The bytes of a reply as {@link #reply(long, long, byte[])} takes them; on any thread, since it may take a while. */
    static byte[] encode(final ServiceReply reply) {
        return ReplyCodec.encode(reply, Layout.MAX_MESSAGE_BYTES);
    }

    /** The same with a reply that was encoded. */
    boolean reply(final long connection, final long correlation, final byte[] reply) {
        final Session session = sessions.get(connection);
        if (session == null) {
            return false;
        }
        session.reply(correlation, reply);
        if (session.fault().isPresent()) {
            dismiss(session);
            return false;
        }
        return true;
    }

    /**
     * How long the thread may rest after a poll that found nothing, nanoseconds: 50 microseconds while clients are
     * busy, 5 ms after a second without anything (waking a thread costs far more than looking at the bell).
     */
    public long restNs() {
        final long quietNs = nanoClock.getAsLong() - workedAtNs;
        return quietNs < 2_000_000 ? 50_000 : quietNs < 1_000_000_000 ? 1_000_000 : 5_000_000;
    }

    /** Clients connected now. */
    public int connections() {
        return sessions.size();
    }

    /** What went wrong since the start. Any thread. */
    Faults faults() {
        return faults;
    }

    /** Lets everybody go and takes the files away. */
    @Override
    public void close() throws IOException {
        for (final Session session : List.copyOf(sessions.values())) {
            remove(session);
        }
        premises.close();
    }

    private int serve(final Session session, final Handler handler, final long nowNs) {
        final long id = session.id();
        return session.send() + session.receive((correlation, message) -> {
            final Optional<ServiceRequest> request = RequestCodec.decode(message);
            if (request.isPresent()) {
                handler.onRequest(id, correlation, request.get());
            } else {
                session.reply(correlation, ReplyCodec.encode(new ServiceReply.Refused(
                    ServiceReply.Refused.Reason.BAD_REQUEST, "a request that this service does not know",
                    "use the same version of ztp as the service")));
            }
        }, nowNs);
    }

    private void tell(final int word, final long value) {
        try {
            premises.service().writeWord(word, value);
        } catch (final IOException failed) {
            note("clients could not be told: " + failed);
        }
    }

    /** Makes new files in the place of those that are gone or cut, unless it failed to a moment ago. */
    private void announce(final long nowNs) {
        if (announcing && nowNs - triedAtNs < ANNOUNCE_NS) {
            return;
        }
        triedAtNs = nowNs;
        try {
            premises.announce();
            announcing = false;
        } catch (final IOException noRoom) {
            announcing = true;
            note("no door could be made: " + noRoom);
        }
    }

    private boolean readDoor(final int offset, final ByteBuffer into, final long nowNs) {
        try {
            if (premises.door().read(offset, into.clear())) {
                return true;
            }
        } catch (final IOException failed) {
            note("the door cannot be read: " + failed);
        }
        announce(nowNs);
        return false;
    }

    private boolean isRung(final long nowNs) {
        if (!readDoor(Layout.DOOR_BELL, bell, nowNs)) {
            return !announcing;
        }
        final long now = bell.getLong(0);
        final boolean rung = now != lastBell;
        lastBell = now;
        return rung;
    }

    private void stayAnnounced(final long nowNs) {
        if (nowNs - announcedAtNs >= ANNOUNCE_NS) {
            announcedAtNs = nowNs;
            if (!premises.isAnnounced()) {
                announce(nowNs);
            }
        }
    }

    private int admit(final long nowNs) {
        if (!readDoor(Layout.DOOR_SLOTS, slots, nowNs)) {
            return announcing ? 0 : 1;
        }
        int admitted = 0;
        for (int at = 0; at < slots.capacity(); at += Layout.SLOT_BYTES) {
            final long high = slots.getLong(at);
            final long low = slots.getLong(at + 8);
            final long pid = slots.getLong(at + 16);
            if (slots.getLong(at + 24) == Layout.slotCheck(high, low, pid) && (high | low) != 0) {
                admitted += admit(at, place.connection(high, low), pid, nowNs);
            }
        }
        return admitted;
    }

    private int admit(final int slot, final Path path, final long pid, final long nowNs) {
        try {
            premises.door().write(Layout.DOOR_SLOTS + (long) slot, ByteBuffer.allocate(Layout.SLOT_BYTES));
        } catch (final IOException noRoom) {
            note("a knock could not be taken from the door: " + noRoom);
            return 0;
        }
        if (Files.exists(path)) {
            return 0;
        }
        final boolean full = sessions.size() >= limits.clients();
        tell(Layout.SERVICE_FULL, full ? 1 : 0);
        if (full) {
            return 0;
        }
        try {
            final long id = nextConnection++;
            sessions.put(id, new Session(id, path, pid, premises.makeConnection(path), limits, nowNs));
            return 1;
        } catch (final IOException noRoom) {
            note("no connection could be made: " + noRoom);
            delete(path);
            return 0;
        }
    }

    private void delete(final Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (final IOException stays) {
            note("a connection's file could not be removed: " + stays);
        }
    }

    private void dismiss(final Session session) {
        if (sessions.containsKey(session.id())) {
            note(session.fault().orElseThrow());
            remove(session);
        }
    }

    /** When too much is held for all clients together, the one that holds most is let go. */
    private void relieve() {
        long held = 0;
        Session most = null;
        for (final Session session : sessions.values()) {
            held += session.held();
            most = most == null || session.held() > most.held() ? session : most;
        }
        if (held > limits.totalBytes()) {
            most.fail("too much is held for all clients: limit=" + limits.totalBytes() + " actual=" + held
                + ", most for this one: " + most.held());
            dismiss(most);
        }
    }

    private void note(final String fault) {
        faults = new Faults(faults.count() + 1, fault);
    }

    private void remove(final Session session) {
        sessions.remove(session.id());
        try (session) {
            session.sayGoodbye();
        } catch (final IOException goneAlready) {
            note("goodbye failed: " + goneAlready);
        }
        delete(session.path());
        tell(Layout.SERVICE_FULL, 0);
    }
}
