package org.ztp.bench;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.cli.CommandException;
import org.ztp.cli.Common;
import org.ztp.cli.Exit;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Dataset;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ztp bench files}. */
@Command(name = "files", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measure publishing and requesting a file, beside AES-GCM, SHA-256 and writing alone.",
    footer = {"", "--dir chooses the disk (default: the directory for temporary files); three times the size is needed",
        "there, and removed again. On a disk in memory (/dev/shm) it is the processor that is measured."})
final class FilesCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Option(names = "--size", defaultValue = "4GiB", paramLabel = "BYTES",
        description = "Size of the file (default: ${DEFAULT-VALUE}).")
    private String size;
    @Option(names = "--chunk-size", defaultValue = "4MiB", paramLabel = "BYTES",
        description = "4KiB .. 64MiB (default: ${DEFAULT-VALUE}).")
    private String chunkSize;
    @Option(names = "--threads", defaultValue = "auto", paramLabel = "N",
        description = "Threads that encrypt and decrypt (default: the cores that this process may use).")
    private String threads;

    @Override
    public Integer call() throws IOException {
        final BenchOptions options = new BenchOptions(common, "ztp bench files --help");
        final long bytes = bytes("--size", size);
        final long chunkBytes = bytes("--chunk-size", chunkSize);
        options.check("--chunk-size", chunkBytes, Dataset.MIN_CHUNK_BYTES, Dataset.MAX_CHUNK_BYTES);
        options.check("--size", bytes, 1, (double) ChunkRange.MAX_CHUNKS * chunkBytes);
        final int count = options.configuration(Map.of(), "disk", threads).threads();
        final FilesResult result = new FilesRun(new FilesPlan(bytes, (int) chunkBytes, count, options.place()),
            common::say).run();
        common.result(result.document(), result.text());
        return Exit.DONE.code();
    }

    private static long bytes(final String option, final String text) {
        try {
            return ConfigFactory.parseMap(Map.of("bytes", text)).getBytes("bytes");
        } catch (final ConfigException wrong) {
            throw new CommandException(Exit.USAGE, option + ": not a number of bytes: " + text,
                "write it as 4GiB or 500MB");
        }
    }
}
