package org.ztp.transport;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.incarnation.Incarnation;

/** What ranks say about who runs which replica. */
public sealed interface RankNotice {
    /**
     * A rank lives; said with each heartbeat, to all.
     *
     * @param claim the role that it runs, empty for a spare
     * @param pid its process
     * @param report how its replica stands, empty for a spare
     */
    record Presence(Optional<Claim> claim, long pid, Optional<Report> report) implements RankNotice { }

    /** A member's word that this should be the next incarnation; the sender's voice tells whose. */
    record Wanted(Incarnation next, byte[] signature) implements RankNotice { }

    /** To who speaks with a voice of the past: the claim of its successor. */
    record Superseded(Claim by) implements RankNotice { }

    /** To a spare: the ledger says that it is this one. */
    record Appointed(Incarnation next) implements RankNotice { }

    /**
     * A process says that it runs a role.
     *
     * @param incarnation which
     * @param signature by the role's key, 64 bytes
     */
    record Claim(Incarnation incarnation, byte[] signature) { }

    /**
     * How a replica stands, for people.
     *
     * @param condition in a word, at most 16 characters
     * @param view its view
     * @param leader leader of the view
     * @param height height of its last final block
     * @param indexedHeight height up to which its index knows the chain
     * @param epoch number of the epoch that its chain named last
     * @param mute whether it lost its safety record and withholds its votes
     * @param suspects peers that it has not heard of for too long
     * @param lastGapMillis how long blocks were missing when they were missing last, 0 for never
     * @param lastGapEndMillis when that ended, milliseconds since 1970
     */
    record Report(String condition, long view, int leader, long height, long indexedHeight, long epoch, boolean mute,
                  List<Integer> suspects, long lastGapMillis, long lastGapEndMillis) {
        /** Most suspects that are told. */
        public static final int MAX_SUSPECTS = 1_024;

        /** Keeps the list as it is. */
        public Report {
            suspects = List.copyOf(suspects);
        }
    }
}
