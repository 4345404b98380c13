package org.ztp.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.ztp.storage.disk.DirectoryTree;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ztp demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true,
    description = "The whole story on a real file, in a new directory: four replicas in this process, publish, request, "
        + "deny, revoke, a replica that stops, 100,000 records, offline verification.")
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private Common common;
    @Parameters(paramLabel = "FILE", arity = "0..1", description = "What is shared (default: the program itself).")
    private Path file;
    @Option(names = "--keep", description = "Leave the directory behind, to look at it.")
    private boolean keep;
    private final List<Map<String, Object>> steps = new ArrayList<>();

    /** One step of the story. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    @Override
    public Integer call() throws Exception {
        final Path shared = file != null ? file : ownFile();
        if (!Files.isReadable(shared) || !Files.isRegularFile(shared)) {
            throw new CommandException(Exit.USAGE, shared + " is no file that can be read", "name another: ztp demo FILE");
        }
        if (Files.size(shared) == 0) {
            throw new CommandException(Exit.USAGE, shared + " is empty", "there is nothing to share in an empty file");
        }
        final Path directory = Files.createTempDirectory("ztp-demo-");
        common.say("in " + directory + ", with " + shared + " (" + Files.size(shared) + " bytes)");
        try (DemoStory story = new DemoStory(directory, shared)) {
            tell(story);
        } catch (final CommandException failed) {
            throw new CommandException(failed.exit(), "step '" + steps.get(steps.size() - 1).get("step") + "': "
                + failed.getMessage(), "everything is still in " + directory);
        }
        if (keep) {
            common.say("everything is still in " + directory);
        } else {
            DirectoryTree.delete(directory);
        }
        common.result(Map.of("passed", true, "steps", steps), "demo: all steps passed");
        return Exit.DONE.code();
    }

    private void tell(final DemoStory story) throws Exception {
        step("a cluster of 4 replicas is made and started", story::makeCluster);
        step("alice, bob, carol and eve make their keys", story::makeKeys);
        step("alice publishes the file for bob", story::publish);
        step("bob asks for it and gets the very same bytes", () -> story.seekerIsServed("bob"));
        step("eve, a stranger, asks and is denied", () -> story.isDenied("eve"));
        step("alice revokes bob", () -> story.change("revoke", "bob"));
        step("bob asks again and is denied", () -> story.isDenied("bob"));
        step("a replica stops; carol is granted access and served", story::goOnWithoutAReplica);
        step("a line for each of 100,000 steps of a job is recorded", story::record);
        step("the replica comes back", story::replicaComesBack);
        step("the publication is proven with nothing but the genesis", story::proveOne);
        step("the service stops, and everything is verified offline", story::verifyOffline);
    }

    private void step(final String name, final Step step) throws Exception {
        final Map<String, Object> told = new LinkedHashMap<>();
        told.put("step", name);
        steps.add(told);
        final long start = System.nanoTime();
        step.run();
        final double seconds = (System.nanoTime() - start) / 1e9;
        told.put("seconds", Math.round(seconds * 1_000) / 1_000.0);
        if (!common.isJson()) {
            common.line(String.format(Locale.ROOT, "%7.2f s  %s", seconds, name));
        }
    }

    /** The jar that this runs from, or while the program is being worked on the first jar beside it. */
    private static Path ownFile() throws URISyntaxException {
        final Path own = Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return Files.isRegularFile(own) ? own : Path.of(
            CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
