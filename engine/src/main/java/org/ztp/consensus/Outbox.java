package org.ztp.consensus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Action.Entry;

/**
 * The gate of "durable before visible". Within a step, records and a changed safety state are collected and become one
 * {@link Action.Persist} with the next ticket; an action told to wait leaves only after that ticket (or, if nothing is
 * persisted in this step, the last one given) is durable. A crash in between loses the action, never the record.
 */
final class Outbox {
    /** What a wish takes up beside its batches, about: its safety record, and its objects. */
    private static final int WISH_BYTES = 1_024;
    private static final int RECORD_BYTES = 512;

    private final ArrayDeque<Gated> gated = new ArrayDeque<>();
    private final ArrayDeque<Wish> wishes = new ArrayDeque<>();
    private final List<Action> immediate = new ArrayList<>();
    private final List<Action> waiting = new ArrayList<>();
    private List<Entry> records = new ArrayList<>();
    private boolean safetyChanged;
    private long ticket;
    private long durable;
    private long waitingBytes;

    private record Gated(long ticket, Action action) { }

    private record Wish(long ticket, long bytes) { }

    /** Wants a record in the journal. */
    void record(final Entry entry) {
        records.add(entry);
    }

    /** Notes that the safety state changed. */
    void safetyChanged() {
        safetyChanged = true;
    }

    /** An action that depends on nothing durable. */
    void now(final Action action) {
        immediate.add(action);
    }

    /** An action that must not be seen before all that was recorded up to the end of this step is durable. */
    void whenDurable(final Action action) {
        waiting.add(action);
    }

    /** Ends a step: what may leave goes into the list. */
    void end(final byte[] safety, final List<Action> out) {
        if (safetyChanged || !records.isEmpty()) {
            ticket++;
            wishes.add(new Wish(ticket, cost(records)));
            waitingBytes += wishes.getLast().bytes();
            out.add(new Action.Persist(ticket, records.isEmpty() ? List.of() : records,
                safetyChanged ? Optional.of(safety) : Optional.empty()));
            records = records.isEmpty() ? records : new ArrayList<>();
            safetyChanged = false;
        }
        for (int i = 0; i < immediate.size(); i++) {
            out.add(immediate.get(i));
        }
        immediate.clear();
        for (int i = 0; i < waiting.size(); i++) {
            gated.add(new Gated(ticket, waiting.get(i)));
        }
        waiting.clear();
        release(out);
    }

    /** Notes that everything up to a ticket is durable. */
    void persisted(final long upTo) {
        durable = Math.max(durable, upTo);
        while (!wishes.isEmpty() && wishes.peek().ticket() <= durable) {
            waitingBytes -= wishes.remove().bytes();
        }
    }

    /** Bytes that were handed out and are not durable, about. */
    long waitingBytes() {
        return waitingBytes;
    }

    private static long cost(final List<Entry> records) {
        long bytes = WISH_BYTES;
        for (int i = 0; i < records.size(); i++) {
            bytes += records.get(i) instanceof Action.BatchEntry batch ? BatchPool.cost(batch.ref()) : RECORD_BYTES;
        }
        return bytes;
    }

    /** With which ticket all will be durable that was recorded up to now. */
    long nextTicket() {
        return records.isEmpty() && !safetyChanged ? ticket : ticket + 1;
    }

    /** Whether everything up to a ticket is durable. */
    boolean isDurable(final long upTo) {
        return durable >= upTo;
    }

    /** Whether a changed safety state waits to be handed out. */
    boolean isSafetyChanged() {
        return safetyChanged;
    }

    private void release(final List<Action> out) {
        while (!gated.isEmpty() && gated.peek().ticket() <= durable) {
            out.add(gated.remove().action());
        }
    }
}
