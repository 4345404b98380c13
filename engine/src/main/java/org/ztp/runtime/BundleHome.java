package org.ztp.runtime;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;

/**
 * What a bundle says of where it belongs. Only the beginning of each transaction is read; whether it is well-formed is
 * for its sub-cluster to say.
 *
 * @param subClusters those of the datasets that it is about
 * @param requests those that it is about without naming a dataset
 * @param records where it belongs if it is about neither
 */
record BundleHome(Set<Integer> subClusters, Set<TransactionId> requests, int records) {
    /** Reads a bundle. */
    static BundleHome of(final Hash chain, final Bundle bundle, final int count) {
        final BundleHome home = new BundleHome(new TreeSet<>(), new HashSet<>(),
            SubClusters.homeOfRecords(bundle.client(), bundle.submission(), count));
        if (bundle.isPlain()) {
            return home;
        }
        bundle.forEach((index, array, offset, length) -> {
            final WireReader in = new WireReader(array, offset, length);
            switch (in.u8()) {
                case Publish.KIND -> home.dataset(in, Publish.id(chain, bundle.client(), in.hash()), count);
                case Grant.KIND, Revoke.KIND, Request.KIND, Evidence.KIND -> home.dataset(in, in.hash(), count);
                case Approve.KIND -> home.request(in);
                default -> { }
            }
        });
        return home;
    }

    /**
     * Whether a bundle may be on the chain of a sub-cluster. Each replica looks before it has anything to do with a
     * bundle, so that who hands it in, or on, at another sub-cluster does not get it on two chains. What is about a
     * request is left to the rules, which know the requests of the chain; so is what replicas say of themselves.
     */
    static boolean mayBeIn(final int subCluster, final Hash chain, final Bundle bundle, final int count) {
        final BundleHome home = of(chain, bundle, count);
        return home.subClusters.isEmpty() ? !home.requests.isEmpty() || home.records == subCluster || isOfReplicas(bundle)
            : home.subClusters.equals(Set.of(subCluster));
    }

    private static boolean isOfReplicas(final Bundle bundle) {
        final boolean[] all = {true};
        bundle.forEach((index, array, offset, length) -> all[0] &= length > 0
            && array[offset] == TakeOver.KIND);
        return all[0];
    }

    private void dataset(final WireReader read, final Hash dataset, final int count) {
        if (!read.failed()) {
            subClusters.add(SubClusters.homeOf(dataset, count));
        }
    }

    private void request(final WireReader in) {
        final TransactionId request = TransactionId.decode(in);
        if (!in.failed()) {
            requests.add(request);
        }
    }
}
