package org.ztp.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.Hash;

/** The state of the service as one JSON object. */
final class ServiceStatus {
    private final StringBuilder json = new StringBuilder(1024);

    private ServiceStatus() {
    }

    /** Tells of a group; several groups make an array. */
    static String of(final Hash chain, final List<GroupNode> groups, final Optional<Epoch> epoch,
                     final FaultHook faults, final long startedMillis) {
        final ServiceStatus status = new ServiceStatus();
        status.json.append("{\"chain\":\"").append(chain).append("\",\"startedMillis\":").append(startedMillis);
        epoch.ifPresent(status::epoch);
        status.json.append(",\"subClusters\":[");
        for (int i = 0; i < groups.size(); i++) {
            status.json.append(i == 0 ? "" : ",");
            status.group(groups.get(i));
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
            .append(node.hasQuorum()).append(",\"pendingBundles\":").append(node.submissions().count())
            .append(",\"pendingBytes\":").append(node.submissions().bytes()).append(",\"openBatches\":")
            .append(node.feed().openBatches()).append(",\"transactionsSinceStart\":")
            .append(node.feed().transactions()).append(",\"transactionsPerSecond\":")
            .append(node.feed().rate()).append(",\"replicas\":[");
        final List<Replica> replicas = node.replicas();
        for (int i = 0; i < replicas.size(); i++) {
            replica(replicas.get(i), i == 0 ? "" : ",");
        }
        json.append("]}");
    }

    private void replica(final Replica replica, final String comma) {
        final ReplicaDuty.Position standing = replica.standing();
        json.append(comma).append("{\"id\":").append(replica.id()).append(",\"state\":")
            .append(quoted(replica.condition())).append(",\"height\":").append(standing.finalHeight())
            .append(",\"view\":").append(standing.view()).append(",\"leader\":").append(standing.leader())
            .append(",\"epoch\":").append(standing.epoch()).append(",\"mute\":").append(standing.mute())
            .append(",\"indexedHeight\":").append(replica.indexedHeight()).append(",\"suspects\":")
            .append(replica.suspected()).append(",\"detail\":").append(quoted(replica.haltedBecause())).append('}');
    }

    /** A text as a JSON string (RFC 8259). */
    static String quoted(final String text) {
        final StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
