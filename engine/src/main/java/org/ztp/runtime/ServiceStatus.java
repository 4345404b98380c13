package org.ztp.runtime;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubCluster;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.transport.RankNotice;

/** The state of the service as one JSON object. */
final class ServiceStatus {
    private final StringBuilder json = new StringBuilder(1024);
    private final Optional<Succession> ranks;

    private ServiceStatus(final Optional<Succession> ranks) {
        this.ranks = ranks;
    }

    private void servedBy(final Succession rank) {
        final Incarnation own = rank.seat().join().incarnation();
        json.append(",\"servedByRank\":").append(rank.rank()).append(",\"servedByReplica\":").append(own.role())
            .append(",\"spareRanks\":").append(rank.spares());
    }

    /** Tells of all sub-clusters, those of other ranks as these say. */
    static String of(final Genesis genesis, final List<GroupNode> groups, final Optional<Succession> ranks,
                     final Optional<Epoch> epoch, final FaultHook faults, final long startedMillis) {
        final ServiceStatus status = new ServiceStatus(ranks);
        status.json.append("{\"chain\":\"").append(genesis.chain()).append("\",\"startedMillis\":").append(startedMillis);
        ranks.ifPresent(status::servedBy);
        epoch.ifPresent(status::epoch);
        status.json.append(",\"subClusters\":[");
        for (final SubCluster subCluster : genesis.subClusters()) {
            status.json.append(subCluster.id() == 0 ? "" : ",");
            groups.stream().filter(one -> one.group().subCluster() == subCluster.id()).findFirst()
                .ifPresentOrElse(status::group, () -> status.elsewhere(subCluster));
        }
        status.json.append("],\"faults\":{");
        String comma = "";
        for (final Map.Entry<String, Long> count : new TreeMap<>(faults.counts()).entrySet()) {
            status.json.append(comma).append(quoted(count.getKey())).append(':').append(count.getValue());
            comma = ",";
        }
        status.json.append("},\"lastFaults\":[");
        final List<FaultHook.Report> reports = faults.reports();
        final int from = Math.max(0, reports.size() - 20);
        for (int i = from; i < reports.size(); i++) {
            final FaultHook.Report report = reports.get(i);
            status.json.append(i == from ? "" : ",").append("{\"atMillis\":").append(report.atMillis())
                .append(",\"reporter\":").append(report.reporter()).append(",\"about\":").append(report.about())
                .append(",\"kind\":").append(quoted(report.kind())).append(",\"detail\":")
                .append(quoted(report.detail())).append('}');
        }
        return status.json.append("]}").toString();
    }

    private void epoch(final Epoch epoch) {
        json.append(",\"epoch\":{\"number\":").append(epoch.number()).append(",\"root\":\"").append(epoch.root())
            .append("\",\"heads\":[");
        for (int i = 0; i < epoch.heads().size(); i++) {
            final EpochHead head = epoch.heads().get(i);
            json.append(i == 0 ? "" : ",").append("{\"subCluster\":").append(i).append(",\"height\":")
                .append(head.height()).append(",\"block\":\"").append(head.block()).append("\",\"carried\":")
                .append(head.carried()).append('}');
        }
        json.append("]}");
    }

    private void group(final GroupNode node) {
        json.append("{\"id\":").append(node.group().subCluster()).append(",\"quorum\":").append(node.group().quorum())
            .append(",\"faultsTolerated\":").append(node.group().faults()).append(",\"hasQuorum\":")
            .append(node.roster().hasQuorum()).append(",\"pendingBundles\":").append(node.submissions().count())
            .append(",\"pendingBytes\":").append(node.submissions().bytes()).append(",\"openBatches\":")
            .append(node.openBatches()).append(",\"archivedHeight\":").append(node.archivedHeight()).append(",\"transactionsSinceStart\":")
            .append(node.feed().transactions()).append(",\"transactionsPerSecond\":")
            .append(node.feed().rate()).append(",\"replicas\":[");
        final List<Replica> here = node.roster().replicas();
        members(node.group().members(), id -> here.stream().filter(one -> one.id() == id).findFirst());
        json.append("]}");
    }

    private void elsewhere(final SubCluster subCluster) {
        json.append("{\"id\":").append(subCluster.id()).append(",\"quorum\":").append(subCluster.quorum())
            .append(",\"faultsTolerated\":").append(subCluster.faults()).append(",\"hasQuorum\":")
            .append(ranks.orElseThrow().heard(subCluster.members()) >= subCluster.quorum()).append(",\"replicas\":[");
        members(subCluster.members(), id -> Optional.empty());
        json.append("]}");
    }

    private void members(final List<Integer> ids, final Function<Integer, Optional<Replica>> here) {
        for (final int id : ids) {
            json.append(id == ids.get(0) ? "" : ",").append("{\"id\":").append(id);
            here.apply(id).ifPresentOrElse(this::replica,
                () -> replica(ranks.orElseThrow().board().elsewhere(id, System.nanoTime())));
            json.append('}');
        }
    }

    private void replica(final Replica replica) {
        json.append(",\"state\":").append(quoted(replica.condition()));
        ranks.ifPresent(rank -> json.append(",\"rank\":").append(rank.rank()).append(",\"incarnation\":")
            .append(rank.seat().join().incarnation().number()));
        standing(Appointing.report(replica));
        if (replica.hasGap()) {
            json.append(",\"blocksMissingAbove\":").append(replica.indexedHeight());
        }
        json.append(",\"detail\":").append(quoted(replica.haltedBecause()));
    }

    private void replica(final RankBoard.Elsewhere there) {
        final boolean silent = ranks.orElseThrow().isSilent(there);
        json.append(",\"state\":").append(quoted(silent ? "silent" : there.report().map(RankNotice.Report::condition)
            .orElse("starting"))).append(",\"rank\":").append(there.rank()).append(",\"incarnation\":")
            .append(there.incarnation()).append(",\"silentMillis\":").append(there.silentNs() / 1_000_000)
            .append(",\"waitingBytes\":").append(ranks.orElseThrow().waitingBytes(there.rank()));
        there.report().ifPresent(this::standing);
    }

    private void standing(final RankNotice.Report report) {
        json.append(",\"height\":").append(report.height()).append(",\"view\":").append(report.view())
            .append(",\"leader\":").append(report.leader()).append(",\"epoch\":").append(report.epoch()).append(",\"mute\":").append(report.mute())
            .append(",\"indexedHeight\":").append(report.indexedHeight()).append(",\"suspects\":")
            .append(report.suspects()).append(",\"lastGapMillis\":").append(report.lastGapMillis())
            .append(",\"lastGapEndMillis\":").append(report.lastGapEndMillis());
    }

    /** A text as a JSON string (RFC 8259). */
    static String quoted(final String text) {
        final StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
