package org.ztp.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.client.ShellWord;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubCluster;
import org.ztp.config.ConfigurationText;
import org.ztp.config.Setting;
import org.ztp.crypto.SystemRandomness;
import org.ztp.runtime.NewReplicas;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp init}. */
@Command(name = "init", mixinStandardHelpOptions = true,
    description = "Make a cluster's directory: genesis.conf, ztp.conf, and a private key for each replica.")
final class InitCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Option(names = "--replicas", required = true, paramLabel = "N", description = "Replicas in all, 4 or more.")
    private int replicas;
    @Option(names = "--sub-cluster-size", paramLabel = "M",
        description = "Replicas that order one chain together, 4 or more (default: all). Left-over ones join the last.")
    private Integer subClusterSize;

    @Override
    public Integer call() throws IOException {
        final Path root = common.directory().root();
        if (replicas < SubCluster.MIN_MEMBERS) {
            throw new CommandException(Exit.USAGE, "too few replicas: expected=4 or more actual=" + replicas,
                "with fewer than 4 not one may fail; use --replicas 4");
        }
        final Map<Setting, String> set = new EnumMap<>(Setting.class);
        if (subClusterSize != null) {
            set.put(Setting.SUB_CLUSTER_SIZE, subClusterSize.toString());
        }
        final Genesis genesis = create(root, subClusterSize == null ? replicas : subClusterSize, set);
        final SubCluster first = genesis.subClusters().get(0);
        common.result(document(root, genesis), String.format(Locale.ROOT,
            "%s: %d replicas in %d sub-cluster%s, %d of %d may fail in any way%nchain %s", root, replicas,
            genesis.subClusters().size(), genesis.subClusters().size() == 1 ? "" : "s",
            first.faults(), first.size(), genesis.chain()));
        common.say("next: ztp start --dir " + ShellWord.of(root));
        return Exit.DONE.code();
    }

    private Genesis create(final Path root, final int size, final Map<Setting, String> set) throws IOException {
        try {
            return new ClusterCreation(new SystemRandomness(), System.currentTimeMillis(), NewReplicas::prepare)
                .create(root, replicas, size, Genesis.Limits.DEFAULT, ConfigurationText.file(set));
        } catch (final FileAlreadyExistsException exists) {
            throw new CommandException(Exit.USAGE, exists.getMessage() + " exists already", exists.getMessage().equals(
                root.toString()) ? "name another with --dir, or remove it if nobody needs its ledger any more"
                : "it is no directory: name another with --dir");
        } catch (final IllegalArgumentException outOfRange) {
            throw new CommandException(Exit.USAGE, outOfRange.getMessage(),
                "a sub-cluster has 4 .. 255 replicas, and no more than there are; those left over join the last");
        }
    }

    private static Map<String, Object> document(final Path root, final Genesis genesis) {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("dir", root.toString());
        document.put("chain", genesis.chain().toString());
        document.put("replicas", genesis.replicas().size());
        document.put("subClusters", genesis.subClusters().stream().map(SubCluster::members).toList());
        return document;
    }
}
