package org.ztp.epoch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.ztp.accumulate.Head;
import org.ztp.accumulate.MaxHeads;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.Hash;

/** The highest known head of each sub-cluster, told by its certificate: that of the genesis if none is known. */
final class CertifiedHeads {
    private final MaxHeads max;
    private final Certificate[] heads;

    CertifiedHeads(final Hash chain, final int subClusters) {
        this.max = new MaxHeads(subClusters);
        this.heads = new Certificate[subClusters];
        Arrays.fill(heads, Certificate.genesis(chain));
    }

    /** Takes a head in whose certificate holds. */
    void join(final int subCluster, final Certificate certificate) {
        final List<Head> known = List.of(head(subCluster, heads[subCluster]));
        if (!max.combine(known, List.of(head(subCluster, certificate))).equals(known)) {
            heads[subCluster] = certificate;
        }
    }

    private static Head head(final int subCluster, final Certificate certificate) {
        return new Head(subCluster, certificate.height(), certificate.block());
    }

    /** The head of a sub-cluster. */
    Certificate of(final int subCluster) {
        return heads[subCluster];
    }

    /** Heights by sub-cluster. */
    List<Long> heights() {
        return Arrays.stream(heads).map(Certificate::height).toList();
    }

    /** The heads of an epoch; those that are not among the given sub-clusters are carried on. */
    List<EpochHead> epoch(final Set<Integer> fresh) {
        final List<EpochHead> epoch = new ArrayList<>();
        for (int i = 0; i < heads.length; i++) {
            epoch.add(new EpochHead(!fresh.contains(i), heads[i]));
        }
        return epoch;
    }
}
