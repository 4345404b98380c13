package org.ztp.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.contract.ChunkRange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp bench keys}. */
@Command(name = "keys", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measure the whole way from a request to the keys of all chunks of a dataset, in a new cluster.",
    footer = {"", "Requests come one after another, each in one go and again with its steps apart: on a machine of its own",
        "a replica would do the rest of one step while others begin the next. The dataset's ciphertexts are not",
        "kept: only keys are asked for.",
        "--dir chooses the disk (default: the directory for temporary files); what is made there is removed."})
final class KeysCommand implements Callable<Integer> {
    private static final int MAX_REPLICAS = 128;
    private static final int MAX_REQUESTS = 100_000;

    @Mixin
    private Common common;
    @Option(names = "--replicas", defaultValue = "4", paramLabel = "N",
        description = "Replicas of the cluster, 4 .. 128 (default: ${DEFAULT-VALUE}).")
    private int replicas;
    @Option(names = "--chunks", defaultValue = "256", paramLabel = "C",
        description = "Chunks of the dataset (default: ${DEFAULT-VALUE}).")
    private int chunks;
    @Option(names = "--requests", defaultValue = "50", paramLabel = "N",
        description = "Requests that are measured (default: ${DEFAULT-VALUE}).")
    private int requests;
    @Option(names = "--warmup", defaultValue = "50", paramLabel = "N",
        description = "Requests before them (default: ${DEFAULT-VALUE}).")
    private int warmup;
    @Option(names = "--durability", defaultValue = "os", paramLabel = "memory|os|disk",
        description = "When a vote counts as stored (default: ${DEFAULT-VALUE}).")
    private String durability;
    @Option(names = "--threads", defaultValue = "auto", paramLabel = "N",
        description = "Threads of the team (default: the cores that this process may use).")
    private String threads;
    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "Another setting of the configuration; may be repeated.")
    private final Map<String, String> settings = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        final BenchOptions options = new BenchOptions(common, "ztp bench keys --help");
        options.check("--replicas", replicas, 4, MAX_REPLICAS);
        options.check("--chunks", chunks, 1, ChunkRange.MAX_CHUNKS);
        options.check("--requests", requests, 1, MAX_REQUESTS);
        options.check("--warmup", warmup, 0, MAX_REQUESTS);
        final KeysResult result = new KeysRun(new KeysPlan(replicas, chunks, requests, warmup,
            options.configuration(settings, durability, threads), options.place()), common::say).run();
        common.result(result.document(), result.text());
        return Exit.DONE.code();
    }
}
