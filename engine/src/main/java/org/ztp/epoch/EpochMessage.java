package org.ztp.epoch;

import java.util.List;
import java.util.Optional;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.EpochHead;

/** What nodes say to each other about epochs. Encoded by {@link EpochCodec}. */
public sealed interface EpochMessage {
    /**
     * What are your heads?
     *
     * @param round number of the asker's round
     * @param heights heights of the heads that the asker knows, by sub-cluster
     */
    record Ask(long round, List<Long> heights) implements EpochMessage {
        /** Keeps the list as it is. */
        public Ask {
            heights = List.copyOf(heights);
        }
    }

    /**
     * The heads of the sub-clusters that the sender has replicas of.
     *
     * @param round the round that it was asked in
     * @param newest number of the newest epoch that the sender knows, 0 for none: who knows a newer one tells it
     * @param words by ascending sub-cluster
     */
    record Answer(long round, long newest, List<Word> words) implements EpochMessage {
        /** Keeps the list as it is. */
        public Answer {
            words = List.copyOf(words);
        }
    }

    /**
     * A node's word about one sub-cluster.
     *
     * @param subCluster its number
     * @param stalled whether too few of its replicas seem to run to go on
     * @param newer commit certificate of its head, if that is higher than what the asker knows
     */
    record Word(int subCluster, boolean stalled, Optional<Certificate> newer) { }

    /** An epoch was made of these heads. */
    record Made(List<EpochHead> heads) implements EpochMessage {
        /** Keeps the list as it is. */
        public Made {
            heads = List.copyOf(heads);
        }
    }
}
