package org.ztp.epoch;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Ask;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.epoch.EpochMessage.Word;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.epoch.Epochs;

/** One node's part in making epochs. Single owner: the thread that calls {@link #step}. */
public final class EpochCore {
    private static final int PATIENCE = 3;

    private final EpochSetting setting;
    private final CertifiedHeads heads;
    private final Set<Integer> stalled = new HashSet<>();
    private final Set<Integer> waiting = new HashSet<>();
    private final Set<Integer> fresh = new HashSet<>();
    private Optional<Epoch> newest = Optional.empty();
    private int collector;
    private long round;
    private boolean collecting;
    private boolean started;
    private long roundNs;
    private long coveredNs;
    private long nowNs;
    private List<EpochAction> actions;

    /** A node that knows of nothing yet. */
    public EpochCore(final EpochSetting setting) {
        this.setting = setting;
        this.heads = new CertifiedHeads(setting.chain(), setting.voters().size());
        this.collector = setting.nodes().get(0);
    }

    /**
     * Takes an event in.
     *
     * @param timeNs a clock that never goes back, nanoseconds
     * @param event what happened
     * @param out what is to be done is appended here, in order
     */
    public void step(final long timeNs, final EpochEvent event, final List<EpochAction> out) {
        nowNs = timeNs;
        actions = out;
        if (!started) {
            started = true;
            coveredNs = nowNs;
            roundNs = nowNs - setting.intervalNs();
        }
        if (event instanceof EpochEvent.Final block) {
            heads.join(block.subCluster(), block.commit());
        } else if (event instanceof EpochEvent.Named named) {
            join(named.epoch());
        } else if (event instanceof EpochEvent.Standing standing) {
            if (standing.stalled()) {
                stalled.add(standing.subCluster());
            } else {
                stalled.remove(standing.subCluster());
            }
        } else if (event instanceof EpochEvent.Received received && setting.nodes().contains(received.from())) {
            onMessage(received.from(), received.message());
        }
        coveredNs = isCovered() ? nowNs : coveredNs;
        collect();
    }

    /** The newest epoch that is known. */
    public Optional<Epoch> newest() {
        return newest;
    }

    /** When a tick is due at the latest. */
    public long nextTickNs() {
        return collecting ? roundNs + setting.intervalNs() / 2 : Math.min(nextRoundNs(), nowNs + setting.intervalNs());
    }

    private long nextRoundNs() {
        return collector == setting.self() ? roundNs + setting.intervalNs() : coveredNs + patienceNs();
    }

    /** Three intervals, and one more for each node between the collector and this one. */
    private long patienceNs() {
        final int distance = Math.floorMod(setting.nodes().indexOf(setting.self())
            - setting.nodes().indexOf(collector), setting.nodes().size());
        return (PATIENCE + Math.max(0, distance - 1)) * setting.intervalNs();
    }

    /** Whether the newest epoch covers the heads of this node's own sub-clusters. */
    private boolean isCovered() {
        return setting.own().stream().allMatch(own ->
            heads.of(own).height() <= newest.map(epoch -> epoch.heads().get(own).height()).orElse(0L));
    }

    private void collect() {
        if (!collecting && nowNs - nextRoundNs() >= 0) {
            begin();
        }
        if (collecting && (waiting.isEmpty() || nowNs - roundNs >= setting.intervalNs() / 2)) {
            close();
        }
    }

    private void begin() {
        collector = setting.self();
        collecting = true;
        round++;
        roundNs = nowNs;
        coveredNs = nowNs;
        fresh.clear();
        setting.own().stream().filter(own -> !stalled.contains(own)).forEach(fresh::add);
        waiting.clear();
        waiting.addAll(setting.nodes());
        waiting.remove(setting.self());
        sendAll(new Ask(round, heads.heights()));
    }

    private void close() {
        collecting = false;
        Epoch.of(setting.chain(), heads.epoch(fresh)).filter(this::isNewer).ifPresent(epoch -> {
            know(epoch);
            sendAll(new Made(epoch.heads()));
        });
    }

    private boolean isNewer(final Epoch epoch) {
        return newest.isEmpty() || epoch.number() > newest.get().number();
    }

    private void know(final Epoch epoch) {
        newest = Optional.of(epoch);
        actions.add(new EpochAction.Known(epoch));
    }

    private void sendAll(final EpochMessage message) {
        setting.nodes().stream().filter(node -> node != setting.self())
            .forEach(node -> actions.add(new EpochAction.Send(node, message)));
    }

    private void join(final Epoch epoch) {
        for (int i = 0; i < epoch.heads().size(); i++) {
            heads.join(i, epoch.heads().get(i).certificate());
        }
        if (isNewer(epoch)) {
            know(epoch);
        }
    }

    private void onMessage(final int from, final EpochMessage message) {
        if (message instanceof Ask ask) {
            onAsk(from, ask);
        } else if (message instanceof Answer answer) {
            onAnswer(from, answer);
        } else if (message instanceof Made made) {
            onMade(from, made);
        }
    }

    private void onAsk(final int from, final Ask ask) {
        if (ask.heights().size() != setting.voters().size()) {
            actions.add(new EpochAction.Fault(from, "sub-clusters: expected=" + setting.voters().size() + " actual="
                + ask.heights().size()));
            return;
        }
        if (setting.nodes().indexOf(from) < setting.nodes().indexOf(collector)) {
            collector = from;
        }
        actions.add(new EpochAction.Send(from, new Answer(ask.round(),
            newest.map(Epoch::number).orElse(0L), setting.own().stream().map(own ->
            new Word(own, stalled.contains(own), Optional.of(heads.of(own))
                .filter(head -> head.height() > ask.heights().get(own)))).toList())));
    }

    private void onAnswer(final int from, final Answer answer) {
        if (!collecting || answer.round() != round || !waiting.remove(from)) {
            return;
        }
        newest.filter(epoch -> epoch.number() > answer.newest())
            .ifPresent(epoch -> actions.add(new EpochAction.Send(from, new Made(epoch.heads()))));
        for (final Word word : answer.words()) {
            if (word.subCluster() >= setting.voters().size() || !takes(word)) {
                actions.add(new EpochAction.Fault(from, "head of sub-cluster " + word.subCluster()
                    + " is not certified"));
                return;
            }
            if (!word.stalled()) {
                fresh.add(word.subCluster());
            }
        }
    }

    private boolean takes(final Word word) {
        if (word.newer().isEmpty() || word.newer().get().height() <= heads.of(word.subCluster()).height()) {
            return true; // nothing new is in it
        }
        final Certificate newer = word.newer().get();
        if (!Epochs.holds(new EpochHead(false, newer), setting.voters().get(word.subCluster()))) {
            return false;
        }
        heads.join(word.subCluster(), newer);
        return true;
    }

    private void onMade(final int from, final Made made) {
        final Optional<Epoch> epoch = Epoch.of(setting.chain(), made.heads());
        if (epoch.isPresent() && !isNewer(epoch.get())) {
            return;
        }
        final Optional<String> wrong = epoch.isEmpty() ? Optional.of("an epoch of " + made.heads().size() + " heads")
            : Epochs.checkHeads(epoch.get(), newest, setting.voters());
        wrong.ifPresentOrElse(what -> actions.add(new EpochAction.Fault(from, what)), () -> join(epoch.get()));
    }
}
