package org.ztp.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ztp.consensus.Action;
import org.ztp.consensus.Event;
import org.ztp.consensus.Group;
import org.ztp.consensus.Limits;
import org.ztp.consensus.Message;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.ReplicaCore;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchBuilder;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.runtime.DrivenStore;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Four replicas that do what a text says, message by message, and what comes of it as text. Messages arrive at once and
 * in order, writes are durable at once, and nothing happens by itself; time passes only when the text says so.
 *
 * <pre>
 *   batch R NAME            replica R's team makes a batch; the same NAME is the same batch
 *   pass MILLIS             time passes
 *   cut R ..., join         these replicas hear nobody and are not heard; all are joined again
 *   lose KIND to R ...      messages of a kind, as they are told of here, to these replicas are lost until "join"
 *   delay KIND to R ...     messages of a kind to these replicas come only with "join"
 *   rival R to R ...        to these, R proposes another block than to the others, until "join"
 *   phantom R               R proposes batches that nobody has, until "join"
 *   omit R                  R proposes blocks without batches, one in 200 ms, until "join"; of these nothing is told
 *   bare R                  R proposes without what opened its view, until "join"
 *   stall R                 R keeps its time-outs back, and has whoever leads next hear of one with a lock that nobody has
 *                           first, until "join"
 *   boast R                 R says that it is far ahead, and answers with nothing, until "join"
 *   suspect R to R ...      these have not heard of R for too long
 *   crash R, start R        a replica dies, with all that is not on its disk; a replica starts
 *   wipe R                  the disk of a replica that died is lost
 * </pre>
 */
final class Scenario {
    private static final int REPLICAS = 4;
    private static final long TICK_NS = 25_000_000;
    private static final long OMITTED_NS = 200_000_000;

    private final World world = new World(1, Faults.none(REPLICAS), new Group(World.CHAIN, 0, List.of(0, 1, 2, 3)));
    private final Map<Integer, ReplicaCore> cores = new TreeMap<>();
    private final List<SimulatedStore> disks = new ArrayList<>();
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final Map<String, Batch> batches = new HashMap<>();
    private final Map<Hash, String> names = new HashMap<>(Map.of(World.CHAIN, "genesis"));
    private final Set<Integer> cut = new HashSet<>();
    private final Map<String, Set<Integer>> lost = new HashMap<>();
    private final Map<String, Set<Integer>> delayed = new HashMap<>();
    private final List<Runnable> late = new ArrayList<>();
    private final Map<Integer, Set<Integer>> rivals = new HashMap<>();
    private final Set<Integer> phantoms = new HashSet<>();
    private final Set<Integer> omitters = new HashSet<>();
    /** Blocks without batches, of those who omit. */
    private final Set<Hash> empty = new HashSet<>();
    /** What they propose when it is time, each once. */
    private final Map<Message, Runnable> held = new LinkedHashMap<>();
    private final Set<Integer> bare = new HashSet<>();
    private final Set<Integer> boasters = new HashSet<>();
    private final Map<Integer, Overheard> stallers = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private long nowNs;

    Scenario() {
        for (int i = 0; i < REPLICAS; i++) {
            disks.add(new SimulatedStore(i, World.CHAIN, SimulatedRecords.RULES));
            start(i);
        }
    }

    /** Does what one line says; what happened, a line each, with how often. */
    List<String> perform(final String line) {
        told.clear();
        final List<String> words = List.of(line.split(" "));
        final List<Integer> numbers = words.stream().skip(1).filter(word -> word.matches("\\d+")).map(Integer::valueOf)
            .toList();
        switch (words.get(0)) {
            case "batch" -> batch(numbers.get(0), words.get(2));
            case "pass" -> pass(numbers.get(0));
            case "cut" -> cut.addAll(numbers);
            case "join" -> join();
            case "lose" -> lost.computeIfAbsent(words.get(1).replace('_', ' '), absent -> new HashSet<>()).addAll(numbers);
            case "delay" -> delayed.computeIfAbsent(words.get(1).replace('_', ' '), absent -> new HashSet<>()).addAll(numbers);
            case "rival" -> rivals.put(numbers.get(0), Set.copyOf(numbers.subList(1, numbers.size())));
            case "phantom" -> phantoms.addAll(numbers);
            case "omit" -> omitters.addAll(numbers);
            case "bare" -> bare.addAll(numbers);
            case "stall" -> stallers.put(numbers.get(0), new Overheard());
            case "boast" -> boasters.addAll(numbers);
            case "suspect" -> numbers.stream().skip(1).forEach(one -> step(one, new Event.Suspected(Set.of(numbers.get(0)))));
            case "crash" -> crash(numbers.get(0));
            case "wipe" -> wipe(numbers.get(0));
            case "start" -> start(numbers.get(0));
            default -> throw new IllegalArgumentException("no command: " + line);
        }
        settle();
        final Map<String, Integer> often = new LinkedHashMap<>();
        told.forEach(one -> often.merge(one, 1, Integer::sum));
        return often.entrySet().stream().map(one -> one.getKey() + (one.getValue() > 1 ? ", " + one.getValue() + " times"
            : "")).toList();
    }

    private void join() {
        cut.clear();
        lost.clear();
        delayed.clear();
        queue.addAll(late);
        late.clear();
        rivals.clear();
        phantoms.clear();
        omitters.clear();
        bare.clear();
        boasters.clear();
        stallers.clear();
    }

    private void batch(final int replica, final String name) {
        final Batch batch = batches.computeIfAbsent(name, absent -> made(name));
        names.put(world.hashing.identify(batch).orElseThrow().root(), name);
        step(replica, new Event.BatchMade(world.hashing.identify(batch).orElseThrow(), batch));
    }

    private static Batch made(final String name) {
        final BundleBuilder builder = new BundleBuilder(World.CHAIN, Hash.sha256(new byte[] {2}), new byte[16],
            message -> new byte[64]);
        final byte[] content = new WireWriter().u64(name.hashCode()).toBytes();
        final byte[] transaction = Character.isUpperCase(name.charAt(0)) ? new WireWriter().u8(9).raw(content).toBytes()
            : new RecordTransaction("", "", content).encode(); // what is no record has an outcome
        builder.add(transaction, 0, transaction.length);
        final Bundle bundle = builder.seal(Math.abs(name.hashCode()));
        final BatchBuilder batch = new BatchBuilder(1 << 16);
        batch.add(bundle);
        return batch.build();
    }

    private void pass(final int millis) {
        for (long end = nowNs + millis * 1_000_000L; nowNs < end;) {
            nowNs += TICK_NS;
            if (nowNs % OMITTED_NS == 0) {
                queue.addAll(held.values());
                held.clear();
            }
            List.copyOf(cores.keySet()).forEach(replica -> step(replica, new Event.Tick()));
            settle();
        }
    }

    private void crash(final int replica) {
        cores.remove(replica);
        disks.get(replica).crash(false, world.random);
    }

    private void wipe(final int replica) {
        disks.get(replica).wipe();
    }

    private void start(final int replica) {
        final DrivenStore store = disks.get(replica).open();
        cores.put(replica, new ReplicaCore(world.group, replica, Limits.defaults(), new SafetyRules(world.group,
            replica, world.keys.signer(replica), store.safetyState()), world.keys, world.hashing, store.machine(),
            store.takeRecovered()));
    }

    private void settle() {
        while (!queue.isEmpty()) {
            queue.remove().run();
        }
    }

    private void step(final int replica, final Event event) {
        final ReplicaCore core = cores.get(replica);
        if (core == null) {
            return;
        }
        final List<Action> actions = new ArrayList<>();
        core.step(nowNs, Course.START_MILLIS + nowNs / 1_000_000, event, actions);
        actions.forEach(action -> perform(replica, action));
    }

    private void perform(final int replica, final Action action) {
        if (action instanceof Action.Send send) {
            send(replica, send.to(), send.message());
        } else if (action instanceof Action.Broadcast broadcast) {
            world.group.members().stream().filter(to -> to != replica)
                .forEach(to -> send(replica, to, broadcast.message()));
        } else if (action instanceof Action.Persist persist) {
            disks.get(replica).write(persist);
            queue.addFirst(() -> {
                disks.get(replica).sync(persist.ticket());
                step(replica, new Event.Persisted(persist.ticket()));
            });
        } else if (action instanceof Action.CheckBatch check) {
            world.hashing.identify(check.batch());
            queue.add(() -> step(replica, new Event.BatchChecked(check.from(), check.ref(), check.batch(), true)));
        } else if (action instanceof Action.Finalized said) {
            disks.get(replica).write(said);
            if (empty.contains(said.block().block().hash())) {
                return;
            }
            told.add(replica + " final h" + said.block().block().height() + " " + said.block().block().batches().stream()
                .map(ref -> name(ref.root())).collect(Collectors.joining(" ")));
        } else if (action instanceof Action.SendFinal wanted) {
            disks.get(replica).finalBlocksFrom(wanted.fromHeight())
                .ifPresent(blocks -> send(replica, wanted.to(), blocks));
        } else if (action instanceof Action.SendStoredBatches wanted) {
            wanted.roots().forEach(root -> disks.get(replica).batch(root).ifPresent(stored ->
                send(replica, wanted.to(), stored)));
        } else if (action instanceof Action.ViewEntered entered) {
            told.add(replica + " enters v" + entered.view() + ", led by " + entered.leader());
        } else if (action instanceof Action.Fault fault && !omitters.contains(replica)) {
            told.add(replica + " accuses " + fault.replica() + " " + fault.kind());
        }
    }

    private void send(final int from, final int to, final Message original) {
        final Message message = altered(from, to, original);
        final boolean gone = cut.contains(from) || cut.contains(to) || isAmong(lost, to, message)
            || message instanceof Message.TimedOut && stallers.containsKey(from);
        final boolean isLate = isAmong(delayed, to, message);
        if (omitters.contains(from) && message instanceof Message.Proposed said) {
            empty.add(said.proposal().block().hash());
            held.put(original, () -> omit(from, said));
            return;
        }
        if (!(isAbout(empty, message) || message instanceof Message.Status) && !(message instanceof Message.BatchHere)) {
            told.add(from + ">" + to + " " + text(message) + (gone ? " lost" : isLate ? " late" : ""));
        }
        if (message instanceof Message.TimedOut said && stallers.containsKey(to)) {
            stall(to, said);
        }
        if (!gone && isLate) {
            late.add(() -> step(to, new Event.Received(from, message)));
        } else if (!gone && boasters.contains(to) && message instanceof Message.WantFinal) {
            send(to, from, new Message.FinalBlocks(List.of()));
        } else if (!gone) {
            queue.add(() -> step(to, new Event.Received(from, message)));
        }
    }

    /** The others hear of it, and so does its own core, which counts their votes. */
    private void omit(final int replica, final Message.Proposed said) {
        world.group.members().forEach(to -> step(to, new Event.Received(replica, said)));
    }

    private static boolean isAbout(final Set<Hash> blocks, final Message message) {
        return message instanceof Message.Vote vote && blocks.contains(vote.block())
            || message instanceof Message.Certified said && blocks.contains(said.certificate().block());
    }

    private void stall(final int replica, final Message.TimedOut heard) {
        stallers.get(replica).notice(heard);
        final int next = world.group.leader(heard.vote().view() + 1);
        new FalseEntries(world, replica, stallers.get(replica)).unreachable(heard.vote().view()).ifPresent(entry -> {
            told.add(replica + ">" + next + " Opened v" + entry.view() + " with a lock that nobody has");
            queue.addFirst(() -> step(next, new Event.Received(replica, new Message.Opened(entry, heard.high()))));
        });
    }

    private boolean isAmong(final Map<String, Set<Integer>> kinds, final int to, final Message message) {
        return kinds.entrySet().stream().anyMatch(one -> text(message).startsWith(one.getKey())
            && one.getValue().contains(to));
    }

    private Message altered(final int from, final int to, final Message message) {
        final FalseBlocks lies = new FalseBlocks(world, from, new Overheard());
        if (message instanceof Message.Proposed said && rivals.getOrDefault(from, Set.of()).contains(to)) {
            return new Message.Proposed(lies.rival(said.proposal()));
        } else if (message instanceof Message.Proposed said && phantoms.contains(from)) {
            return new Message.Proposed(lies.phantom(said.proposal()));
        } else if (message instanceof Message.Proposed said && omitters.contains(from)) {
            return new Message.Proposed(lies.withoutSome(said.proposal()));
        } else if (message instanceof Message.Proposed said && bare.contains(from)) {
            return new Message.Proposed(new Proposal(said.proposal().block(), said.proposal().justify(),
                Optional.empty(), said.proposal().signature()));
        } else if (message instanceof Message.Status said && boasters.contains(from)) {
            return new Message.Status(said.view(), 1_000, said.highView(), said.highHeight(), false, false);
        }
        return message;
    }

    private String name(final Hash hash) {
        return names.computeIfAbsent(hash, absent -> "#" + names.size());
    }

    private String text(final Message message) {
        final String kind = message.getClass().getSimpleName();
        if (message instanceof Message.Proposed said) {
            return kind + " v" + said.proposal().view() + " h" + said.proposal().block().height() + " "
                + name(said.proposal().block().hash()) + " on " + name(said.proposal().justify().block())
                + said.proposal().entry().map(entry -> " opened by v" + entry.view()).orElse("");
        } else if (message instanceof Message.Vote vote) {
            return vote.phase() + " v" + vote.view() + " h" + vote.height() + " " + name(vote.block());
        } else if (message instanceof Message.Certified said) {
            return "Certified " + said.certificate().phase() + " v" + said.certificate().view() + " "
                + name(said.certificate().block());
        } else if (message instanceof Message.TimedOut said) {
            return kind + " v" + said.vote().view() + " locked v" + said.vote().highView() + " h"
                + said.vote().highHeight();
        } else if (message instanceof Message.Opened said) {
            return kind + " v" + said.entry().view();
        } else if (message instanceof Message.FinalBlocks said) {
            return kind + " " + said.blocks().size();
        }
        return kind;
    }

    /** A whole text, with what happens after each of its lines in the place of what stood there. */
    static String performed(final String text) {
        final Scenario scenario = new Scenario();
        return Arrays.stream(text.split("\n")).filter(line -> !line.startsWith("  ")).map(line ->
            line.isEmpty() || line.startsWith("#") ? line + "\n" : line + "\n" + scenario.perform(line).stream()
                .map(told -> "  " + told + "\n").collect(Collectors.joining())).collect(Collectors.joining());
    }
}
