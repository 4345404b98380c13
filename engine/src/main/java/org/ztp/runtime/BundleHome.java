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
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;

/**
 * What a bundle says of where it belongs. Only the beginning of each transaction is read; whether it is well-formed is for
 * its sub-cluster to say.
 *
 * @param subClusters those of the datasets that it is about
 * @param requests those that it is about without naming a dataset
 */
record BundleHome(Set<Integer> subClusters, Set<TransactionId> requests) {
    /** Reads a bundle. */
    static BundleHome of(final Hash chain, final Bundle bundle, final int count) {
        final BundleHome home = new BundleHome(new TreeSet<>(), new HashSet<>());
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
