package org.ztp.simulation;

import org.ztp.crypto.SigningKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.wire.Hash;

/** A client of a simulated allocation: a key, and one submission for each sub-cluster, whose windows are their own. */
final class Party {
    final Hash key;
    private final Allocation world;
    private final BundleBuilder[] builders;
    private final long[] sequences;

    Party(final Allocation world) {
        this.world = world;
        final SigningKey signing = SigningKey.generate(world.randomness);
        key = Hash.of(signing.verifyKey().bytes());
        builders = new BundleBuilder[world.groups.size()];
        sequences = new long[builders.length];
        for (int i = 0; i < builders.length; i++) {
            builders[i] = new BundleBuilder(world.chain, key, world.randomness.bytes(Bundle.SUBMISSION_BYTES),
                signing::sign);
        }
    }

    /** A bundle for a sub-cluster. */
    Bundle sign(final int subCluster, final byte[]... transactions) {
        for (final byte[] transaction : transactions) {
            builders[subCluster].add(transaction, 0, transaction.length);
        }
        world.course.count("bundles submitted");
        return builders[subCluster].seal(sequences[subCluster]++);
    }
}
