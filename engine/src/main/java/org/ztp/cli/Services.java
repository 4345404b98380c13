package org.ztp.cli;

import java.io.IOException;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.KeyFormatException;
import org.ztp.runtime.Service;
import org.ztp.storage.StorageException;

/** Starts the replicas of a directory in this process; what keeps them from starting ends the command. */
final class Services {
    private Services() {
    }

    /** The running service; its caller closes it. */
    static Service start(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                         final boolean allowFaults) {
        final int size = configuration.count(Setting.SUB_CLUSTER_SIZE);
        if (size != 0 && size != genesis.subClusters().get(0).size()) {
            throw new CommandException(Exit.USAGE, "sub-cluster.size is not that of the genesis: expected="
                + genesis.subClusters().get(0).size() + " actual=" + size, "set sub-cluster.size = auto in ztp.conf");
        }
        try {
            return Service.start(directory, configuration, new Service.Options(allowFaults));
        } catch (final StorageException unusable) {
            throw new CommandException(Exit.UNAVAILABLE, unusable.getMessage(), switch (unusable.kind()) {
                case NO_SPACE -> "make room on the disk; nothing was lost";
                case CORRUPT -> "run: ztp verify";
                case IO -> "if a service runs for this directory already, leave --local out; else look at the disk";
            });
        } catch (final KeyFormatException badKey) {
            throw new CommandException(Exit.USAGE, badKey.getMessage(), badKey.hint());
        } catch (final GenesisException | IOException unreadable) {
            throw new CommandException(Exit.USAGE, unreadable.getMessage(), "");
        }
    }
}
