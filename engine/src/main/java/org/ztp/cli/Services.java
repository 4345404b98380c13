package org.ztp.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.KeyFormatException;
import org.ztp.runtime.Service;
import org.ztp.runtime.Succession;
import org.ztp.storage.StorageException;

/** Starts the replicas of a directory in this process; what keeps them from starting ends the command. */
final class Services {
    private Services() {
    }

    /** The running service with all replicas; its caller closes it. */
    static Service start(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                         final boolean allowFaults) {
        return start(directory, genesis, configuration, allowFaults, Optional.empty());
    }

    /** The running service, with the replica whose role this rank has, if there are ranks; its caller closes it. */
    static Service start(final ClusterDirectory directory, final Genesis genesis, final Configuration configuration,
                         final boolean allowFaults, final Optional<Succession> ranks) {
        final int size = configuration.count(Setting.SUB_CLUSTER_SIZE);
        if (size != 0 && size != genesis.subClusters().get(0).size()) {
            throw new CommandException(Exit.USAGE, "sub-cluster.size is not that of the genesis: expected="
                + genesis.subClusters().get(0).size() + " actual=" + size, "set sub-cluster.size = auto in ztp.conf");
        }
        try {
            final Service.Options options = new Service.Options(allowFaults);
            return ranks.isPresent() ? Service.start(directory, configuration, options, ranks.get())
                : Service.start(directory, configuration, options);
        } catch (final StorageException unusable) {
            throw new CommandException(Exit.UNAVAILABLE, unusable.getMessage(), switch (unusable.kind()) {
                case NO_SPACE -> "make room on the disk; nothing was lost";
                case CORRUPT -> "run: ztp verify";
                case IO -> "look at the disk, and at archive.dir and local.dir in the configuration";
            }, unusable);
        } catch (final LinkageError unloadable) {
            throw new CommandException(Exit.UNAVAILABLE, "the library of the index cannot be loaded: "
                + Optional.ofNullable(unloadable.getCause()).orElse(unloadable), "it is unpacked into " + System.getProperty("java.io.tmpdir")
                + ", which may be full or mounted noexec: set ROCKSDB_SHAREDLIB_DIR to another directory");
        } catch (final KeyFormatException badKey) {
            throw new CommandException(Exit.USAGE, badKey.getMessage(), badKey.hint());
        } catch (final GenesisException other) {
            throw new CommandException(Exit.USAGE, other.getMessage(), "");
        } catch (final IOException unreadable) {
            throw unreadable(unreadable);
        } catch (final UncheckedIOException unreadable) {
            throw unreadable(unreadable.getCause());
        }
    }

    private static CommandException unreadable(final IOException failure) {
        return new CommandException(Exit.USAGE, Failures.describe(failure), "check the path, and who may use it",
            failure);
    }

    /** Whether what kept replicas from starting may be over by itself: files that are out of reach, in use, or find no room. */
    static boolean mayPass(final CommandException cannot) {
        return cannot.getCause() instanceof IOException
            || cannot.getCause() instanceof StorageException storage && storage.kind() != StorageException.Kind.CORRUPT;
    }
}
