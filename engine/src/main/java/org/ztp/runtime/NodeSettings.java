package org.ztp.runtime;

import java.util.Locale;
import java.util.function.Predicate;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.Limits;
import org.ztp.ledger.Bundle;
import org.ztp.storage.Durability;
import org.ztp.storage.disk.PastCache;
import org.ztp.team.Schedule;
import org.ztp.wire.Hash;

/**
 * What genesis and configuration say, as the parts of a node take it.
 *
 * @param genesis limits for all nodes
 * @param configuration of this one
 */
record NodeSettings(Genesis genesis, Configuration configuration) {
    /** Bounds of a replica's core: of the genesis where all must agree, of the configuration beyond. */
    Limits core() {
        final Limits defaults = Limits.defaults();
        final int blockBytesMax = (int) genesis.limits().blockBytes();
        return new Limits((int) Math.min(configuration.number(Setting.BLOCK_BYTES), blockBytesMax), blockBytesMax,
            defaults.blockBatches(), defaults.pipeline(),
            configuration.count(Setting.HEIGHTS_AHEAD), configuration.count(Setting.VIEWS_AHEAD),
            configuration.number(Setting.PEER_BYTES),
            Math.max(configuration.number(Setting.PEER_BYTES), 2 * JournalDuty.GROUP_BYTES),
            configuration.number(Setting.CLOCK_AHEAD) / 1_000_000,
            configuration.viewTimeoutNs(), defaults.viewTimeoutMaxNs(), configuration.detectorHeartbeatNs(),
            configuration.detectorLimitNs(), defaults.retransmitNs(), configuration.count(Setting.SNAPSHOT_BEHIND));
    }

    /** How bundles are taken in. */
    Ingest.Settings ingest() {
        return new Ingest.Settings(Schedule.parse(configuration.text(Setting.SCHEDULE)),
            configuration.count(Setting.RING_SIZE), (int) configuration.number(Setting.BATCH_BYTES),
            configuration.count(Setting.BATCH_COUNT), configuration.batchLingerNs(), checksOnce());
    }

    /** What clients may hand in. */
    BundleLimits bundles() {
        return new BundleLimits(configuration.number(Setting.BUNDLE_BYTES),
            configuration.number(Setting.PENDING_BYTES));
    }

    /** Which bundles a sub-cluster may have. */
    Predicate<Bundle> belongs(final int subCluster) {
        final int count = genesis.subClusters().size();
        final long bytesMax = genesis.limits().bundleBytes();
        final Hash chain = genesis.chain();
        return bundle -> bundle.length() <= bytesMax
            && (count == 1 || BundleHome.mayBeIn(subCluster, chain, bundle, count));
    }

    /** Whether what one replica of this process has checked holds for all of them. */
    boolean checksOnce() {
        return configuration.text(Setting.CHECKS).equals("once");
    }

    /** When a thing counts as stored on this node. */
    Durability stored() {
        return switch (configuration.durability()) {
            case MEMORY -> Durability.MEMORY;
            case OS -> Durability.OS;
            case DISK, ARCHIVE -> Durability.DISK;
        };
    }

    /** Whether a thing counts only once it is in the archive. */
    boolean countsWhenArchived() {
        return configuration.durability() == org.ztp.config.Durability.ARCHIVE;
    }

    /** Which writes of journals go past the kernel's page cache. */
    PastCache pastCache() {
        return PastCache.valueOf(configuration.text(Setting.JOURNAL_DIRECT).toUpperCase(Locale.ROOT));
    }

    /** How often threads look again before they rest. */
    int idleTurns() {
        return switch (configuration.text(Setting.RING_WAIT)) {
            case "spin" -> 100_000;
            case "yield" -> 1_000;
            default -> 20;
        };
    }
}
