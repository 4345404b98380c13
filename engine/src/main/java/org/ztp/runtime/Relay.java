package org.ztp.runtime;

import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.ztp.client.ReplyCodec;
import org.ztp.client.RequestCodec;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.SubCluster;
import org.ztp.cluster.SubClusters;
import org.ztp.transport.Parcel;
import org.ztp.transport.RelayMessage;
import org.ztp.transport.Transport;

/**
 * Takes what clients ask at this rank to a rank of the sub-cluster that it belongs to, and answers what other ranks
 * take here. One member after the other is asked, those that are not heard of left out, until one answers or the time
 * is up. Each sub-cluster has its own bounds on what waits for it, so one that does not get on holds back nobody who
 * wants something of another.
 *
 * <p>Only who was asked answers, and once each time, and it is by chance who is asked first: so a member that lies is
 * heard when it is its turn, and not always.
 * Ranks that relay are believed no more than any rank that a client speaks with: bundles are signed by the client,
 * receipts prove what is final, and keys come masked for the seeker alone. Nobody relays what was relayed to it.
 *
 * <p>Asking and answering: any thread. Sending and giving up: its own thread, which calls {@link #work}.
 */
final class Relay implements Duty {
    /** Most questions that wait for one sub-cluster, and most that one rank may have waiting here. */
    static final int MAX_OPEN = 1_024;
    private static final long LOOK_NS = 50_000_000L;
    private static final long IDLE_NS = 1_000_000_000L;
    private static final int BUSY_MILLIS = 50;

    private final Place place;
    private final ServiceHandler here;
    private final FaultHook faults;
    private final Map<Long, Errand> open = new ConcurrentHashMap<>();
    private final Queue<Errand> due = new ConcurrentLinkedQueue<>();
    /** From a number that hardly any other process begins with: one that had this role before may have asked too. */
    private final AtomicLong numbers = new AtomicLong(new SecureRandom().nextLong() >>> 2);
    private final Map<Integer, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> answering = new ConcurrentHashMap<>();
    private volatile Runnable signal = () -> { };
    private long lookedNs;

    /** What is known of the replicas elsewhere. */
    @FunctionalInterface
    interface Peers {
        /** The incarnation of a replica that is heard of; -1 if it is silent. */
        int incarnation(int replica);
    }

    /** What waits for one sub-cluster. */
    private static final class Waiting {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();
    }

    /**
     * How long one member is waited for, and all of them together. What is submitted or accumulated takes as long as
     * its sub-cluster needs; questions are answered at once by whoever can.
     */
    private record Patience(long memberNs, long allNs) {
        private static final Patience QUESTION = new Patience(3_000_000_000L, 12_000_000_000L);
        private static final Patience WORK = new Patience(10_000_000_000L, 30_000_000_000L);

        static Patience of(final ServiceRequest request) {
            return request instanceof ServiceRequest.Submit || request instanceof ServiceRequest.Release
                || request instanceof ServiceRequest.ReleaseSingly ? WORK : QUESTION;
        }
    }

    /**
     * One question of a client. What changes belongs to the relay's thread, but for the last refusal, and for who was
     * asked and has not answered.
     */
    private static final class Errand {
        private final long number;
        private final SubCluster home;
        private final byte[] request;
        private final Patience patience;
        private final Consumer<ServiceReply> reply;
        private final long sinceNs;
        /** The place of the member that is asked first. */
        private final int first;
        private final Set<Integer> awaited = ConcurrentHashMap.newKeySet();
        private int tries;
        private int asked = -1;
        private int incarnation;
        private long askedNs;
        private volatile Refused refusal;

        private Errand(final long number, final SubCluster home, final byte[] request, final Patience patience,
                       final Consumer<ServiceReply> reply, final long sinceNs, final int first) {
            this.number = number;
            this.home = home;
            this.request = request;
            this.patience = patience;
            this.reply = reply;
            this.sinceNs = sinceNs;
            this.first = first;
        }
    }

    /**
     * Where a relay stands.
     *
     * @param all the sub-clusters
     * @param self the replica of this rank
     * @param peers who is heard of
     * @param transport the way of this rank's replica to the others
     * @param bytes most bytes of questions that wait, shared evenly among the other sub-clusters; one may be larger
     *     alone
     * @param clock nanoseconds
     * @param chance any number, for each question another one; any thread
     */
    record Place(SubClusters all, int self, Peers peers, Transport transport, long bytes, LongSupplier clock,
                 IntSupplier chance) { }

    /** A relay; what others relay is answered by who answers for the sub-cluster of this rank. */
    Relay(final Place place, final ServiceHandler here, final FaultHook faults) {
        this.place = place;
        this.here = here;
        this.faults = faults;
        lookedNs = place.clock.getAsLong();
    }

    /** Called when there is something to do. */
    void onWork(final Runnable wake) {
        signal = wake;
    }

    /** Asks a sub-cluster that is elsewhere. */
    void ask(final int subCluster, final ServiceRequest request, final Consumer<ServiceReply> reply) {
        final byte[] bytes = RequestCodec.encode(request);
        final Waiting its = waiting.computeIfAbsent(subCluster, none -> new Waiting());
        final int count = its.count.incrementAndGet();
        if (its.bytes.addAndGet(bytes.length) > place.bytes / (place.all.count() - 1) && count > 1 || count > MAX_OPEN) {
            release(its, bytes.length);
            reply.accept(new ServiceReply.Busy(BUSY_MILLIS));
            return;
        }
        final Errand errand = new Errand(numbers.incrementAndGet(), place.all.all().get(subCluster), bytes,
            Patience.of(request), reply, place.clock.getAsLong(), place.chance.getAsInt());
        open.put(errand.number, errand);
        due.add(errand);
        signal.run();
    }

    /** How many questions wait for answers. */
    int open() {
        return open.size();
    }

    private void release(final Waiting its, final int bytes) {
        its.count.decrementAndGet();
        its.bytes.addAndGet(-bytes);
    }

    private void finish(final Errand errand, final ServiceReply reply) {
        if (open.remove(errand.number, errand)) {
            release(waiting.get(errand.home.id()), errand.request.length);
            errand.reply.accept(reply);
        }
    }

    @Override
    public int work() {
        final long nowNs = place.clock.getAsLong();
        int done = 0;
        for (Errand errand = due.poll(); errand != null; errand = due.poll()) {
            if (open.containsKey(errand.number)) {
                send(errand, nowNs);
            }
            done++;
        }
        if (nowNs - lookedNs >= LOOK_NS) {
            lookedNs = nowNs;
            open.values().forEach(errand -> look(errand, nowNs));
        }
        return done;
    }

    @Override
    public long restNs() {
        return open.isEmpty() ? IDLE_NS : LOOK_NS;
    }

    private void look(final Errand errand, final long nowNs) {
        if (nowNs - errand.sinceNs > errand.patience.allNs()) {
            finish(errand, unanswered(errand));
        } else if (errand.asked >= 0 && (nowNs - errand.askedNs > errand.patience.memberNs()
            || place.peers.incarnation(errand.asked) != errand.incarnation)) {
            faults.report(place.self, errand.asked, "RELAY_UNANSWERED", "asked for a client; another is asked");
            send(errand, nowNs);
        }
    }

    /** Asks the next member that is heard of and takes it; each question begins with any of them. */
    private void send(final Errand errand, final long nowNs) {
        final int members = errand.home.size();
        boolean heard = false;
        for (int i = 0; i < members && (errand.refusal == null || errand.tries < members); i++) {
            final int member = errand.home.members().get(Math.floorMod(errand.first + errand.tries++, members));
            final int incarnation = place.peers.incarnation(member);
            heard |= incarnation >= 0;
            errand.asked = member;
            errand.incarnation = incarnation;
            errand.askedNs = nowNs;
            if (incarnation >= 0) {
                errand.awaited.add(member);
                if (place.transport.send(member,
                    new Parcel.Relaying(new RelayMessage.Ask(errand.number, errand.request)))) {
                    return;
                }
                errand.awaited.remove(member);
            }
        }
        finish(errand, heard && errand.refusal == null ? new ServiceReply.Busy(BUSY_MILLIS) : unanswered(errand));
    }

    private static Refused unanswered(final Errand errand) {
        return errand.refusal != null ? errand.refusal : new Refused(Refused.Reason.UNAVAILABLE,
            "no replica of sub-cluster " + errand.home.id() + ", to which this belongs, answers",
            "see `ztp status`; try again, nothing was lost");
    }

    /** Takes in what other ranks ask and answer. */
    boolean onParcel(final int from, final Parcel parcel) {
        if (!(parcel instanceof Parcel.Relaying relaying)) {
            return false;
        }
        return relaying.message() instanceof RelayMessage.Ask ask ? onAsk(from, ask)
            : onAnswer(from, (RelayMessage.Answer) relaying.message());
    }

    private boolean onAsk(final int from, final RelayMessage.Ask ask) {
        final Optional<ServiceRequest> request = RequestCodec.decode(ask.bytes());
        if (request.isEmpty()) {
            faults.report(place.self, from, "BAD_RELAY", "what it asks for a client is no request");
            return false;
        }
        final AtomicInteger its = answering.computeIfAbsent(from, none -> new AtomicInteger());
        if (its.incrementAndGet() > MAX_OPEN) {
            its.decrementAndGet();
            return answer(from, ask, new ServiceReply.Busy(BUSY_MILLIS));
        }
        here.handle(request.get(), reply -> {
            its.decrementAndGet();
            answer(from, ask, reply);
        });
        return true;
    }

    private boolean answer(final int to, final RelayMessage.Ask ask, final ServiceReply reply) {
        return place.transport.send(to, new Parcel.Relaying(new RelayMessage.Answer(ask.number(),
            ReplyCodec.encode(reply, RelayMessage.MAX_BYTES))));
    }

    private boolean onAnswer(final int from, final RelayMessage.Answer answer) {
        final Errand errand = open.get(answer.number());
        if (errand == null || !errand.awaited.remove(from)) {
            return false;
        }
        final Optional<ServiceReply> reply = ReplyCodec.decode(answer.bytes());
        if (reply.isEmpty()) {
            faults.report(place.self, from, "BAD_RELAY", "what it answers to a client is no reply");
        }
        final ServiceReply said = reply.orElseGet(() -> new Refused(Refused.Reason.UNAVAILABLE, "replica " + from
            + " answers what is no answer", "try again"));
        if (said instanceof Refused cannot && cannot.reason() == Refused.Reason.UNAVAILABLE) {
            errand.refusal = cannot;
            due.add(errand);
            signal.run();
        } else {
            finish(errand, said);
        }
        return true;
    }

    /** Answers everybody: nothing more comes. */
    void close() {
        open.values().forEach(errand -> finish(errand, new Refused(Refused.Reason.UNAVAILABLE, "the service stopped",
            "try again; nothing was lost")));
    }
}
