package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.crypto.Passphrase;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPublicKey;
import picocli.CommandLine;

class ProgramTest {
    @TempDir
    private Path directory;

    @Test
    void aMistypedCommandIsExitTwoWithTheOneThatWasMeant() {
        final Run run = Run.ztp("recrod");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("hint: did you mean: ztp record"), run.err());
        assertEquals(2, run.err().lines().count(), run.err());
    }

    @Test
    void aMissingOptionIsExitTwo() {
        final Run run = Run.ztp("record");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("--key=KEY"), run.err());
    }

    @Test
    void aCommandThatUsesNoClusterShowsNoOptionForOne() {
        for (final String command : List.of("demo", "keygen", "simulate", "manual", "verify-receipt")) {
            final String help = Run.ztp(command, "--help").out();
            assertTrue(help.contains("--json") && !help.contains("--dir"), help);
        }
        assertEquals(0, Run.ztp("keygen", directory.resolve("key"), "--dir", directory).exit());
        assertTrue(Run.ztp("publish", "--help").out().contains("--dir=DIR"));
    }

    @Test
    void noErrorShowsAnythingOfAKeyThatWasTakenForAnotherFile() throws IOException {
        final Path cluster = directory.resolve("a cluster");
        final Run made = Run.ztp("init", "--dir", cluster, "--replicas", 4);
        assertTrue(made.err().contains("next: ztp start --dir '" + cluster + "'"), made.err());
        final Path key = directory.resolve("key");
        assertEquals(0, Run.ztp("keygen", key).exit());
        final String secret = Files.readAllLines(key).get(1).substring(0, 40);
        final Path data = Files.writeString(directory.resolve("data"), "data");
        for (final List<Object> words : List.<List<Object>>of(
            List.of("publish", data, "--dir", cluster, "--key", key, "--policy", key),
            List.of("verify-receipt", data, "--genesis", key),
            List.of("start", "--dir", cluster, "--config", key))) {
            final Run run = Run.ztp(words.toArray());
            assertEquals(2, run.exit(), run.err());
            assertTrue(run.err().contains("holds a key, and no ") && !run.err().contains(secret), run.err());
        }
    }

    @Test
    void whatHasNoEndIsNotReadToItsEnd() throws IOException {
        final Path zero = Path.of("/dev/zero");
        final Path data = Files.writeString(directory.resolve("data"), "data");
        final Run run = Run.ztp("verify-receipt", data, "--genesis", zero);
        assertEquals(2, run.exit(), run.err());
        assertTrue(run.err().contains("/dev/zero: longer than "), run.err());
        final Run below = Run.ztp("init", "--dir", data.resolve("below"), "--replicas", 4);
        assertEquals(2, below.exit());
        assertTrue(below.err().startsWith("ztp: " + data + " exists already"), below.err());
    }

    @Test
    void aHeightIsNotNegative() {
        assertEquals(2, Run.ztp("log", "--since", "-1", "--dir", directory).exit());
    }

    @Test
    void noFileHasTheEmptyNameOrOneThatIsNotUtf8() {
        final Run run = Run.ztp("keygen", "");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("no file has the empty name"), run.err());
        final Run foreign = Run.ztp("keygen", directory.resolve("na\uFFFDme"));
        assertEquals(2, foreign.exit());
        assertTrue(foreign.err().contains("the name is not UTF-8"), foreign.err());
    }

    @Test
    void theDatasetMayStandBeforeItsSeekersOrAfterThem() throws IOException {
        final String dataset = "ab".repeat(32);
        for (final List<String> words : List.of(List.of(dataset, "--key", "k", "--seeker", "one", "two"),
            List.of("--key", "k", "--seeker", "one", "two", dataset), List.of("--seeker=one", "--seeker", "two", dataset, "--key=k"))) {
            final SeekersOfDataset named = CommandLine.populateCommand(new SeekersOfDataset(), words.toArray(String[]::new));
            assertEquals(dataset, named.dataset().toString());
            assertEquals(Path.of("k"), named.keyFile());
            final Exception first = assertThrows(Exception.class, named::seekers);
            assertTrue(first.getMessage().contains("one"), first.getMessage());
        }
        final Run none = Run.ztp("grant", dataset, "--key", "k", "--seeker", dataset);
        assertEquals(2, none.exit());
        assertTrue(none.err().contains("--seeker needs a PUBKEY"), none.err());
    }

    @Test
    void everyCommandHasHelp() {
        for (final String name : Program.commandLine().getSubcommands().keySet()) {
            final Run run = Run.ztp("help", name);
            assertEquals(0, run.exit(), name);
            assertTrue(run.out().contains("Usage: ztp " + name), run.out());
        }
    }

    @Test
    void theCompletionIsAScript() {
        assertTrue(Run.ztp("completion").out().contains("complete -F _complete_ztp"));
    }

    @Test
    void initMakesAClusterAndTellsIt() throws Exception {
        final ClusterDirectory cluster = new ClusterDirectory(directory.resolve("cluster"));
        final Run run = Run.ztp("init", "--dir", cluster.root(), "--replicas", 9, "--sub-cluster-size", 4, "--json");
        assertEquals(0, run.exit(), run.err());
        final var document = ConfigFactory.parseString(run.out());
        assertEquals(cluster.readGenesis().chain().toString(), document.getString("chain"));
        assertEquals(9, document.getInt("replicas"));
        assertEquals(5, document.getList("subClusters").get(1).atKey("x").getIntList("x").size());
        assertTrue(Files.readString(cluster.configurationFile()).contains("\nsub-cluster.size = 4\n"));
        final Run again = Run.ztp("init", "--dir", cluster.root(), "--replicas", 4);
        assertEquals(2, again.exit());
        assertTrue(again.err().contains("exists already"), again.err());
    }

    @Test
    void fewerThanFourReplicasAreRefusedWithAHint() {
        final Run run = Run.ztp("init", "--dir", directory.resolve("c"), "--replicas", 3);
        assertEquals(2, run.exit());
        assertEquals(List.of("ztp: too few replicas: expected=4 or more actual=3",
            "hint: with fewer than 4 not one may fail; use --replicas 4"), run.err().lines().toList());
        assertFalse(Files.exists(directory.resolve("c")));
        assertEquals(2, Run.ztp("init", "--dir", directory.resolve("c"), "--replicas", 8, "--sub-cluster-size", 9).exit());
    }

    @Test
    void keygenMakesAPairThatIsReadBack() throws Exception {
        final Path file = directory.resolve("alice");
        final Run run = Run.ztp("keygen", file, "--comment", "alice@lab");
        assertEquals(0, run.exit(), run.err());
        final SshPublicKey read = SshPublicKey.parse(run.out().strip());
        try (var key = SshKeyFiles.read(file, Passphrase.none())) {
            assertEquals(read, key.publicKey());
        }
        assertEquals(run.out(), Files.readString(directory.resolve("alice.pub")));
        assertEquals(2, Run.ztp("keygen", file).exit());
    }

    @Test
    void withoutAServiceTheExitIsFour() {
        final Path cluster = directory.resolve("cluster");
        Run.ztp("init", "--dir", cluster, "--replicas", 4);
        final Run run = Run.ztp("status", "--dir", cluster);
        assertEquals(4, run.exit());
        assertTrue(run.err().contains("no service runs for"), run.err());
        assertTrue(run.err().contains("hint: start it with: ztp start"), run.err());
    }

    @Test
    void aDirectoryThatIsNoClusterIsExitTwo() {
        for (final Run run : List.of(Run.ztp("log", "--dir", directory), Run.ztp("publish", "f", "--key", "k", "--policy", "p",
            "--dir", directory), Run.ztp("start", "--dir", directory))) {
            assertEquals(2, run.exit());
            assertTrue(run.err().contains("genesis.conf is missing"), run.err());
        }
    }

    @Test
    void whatIsWrongWithAFileIsSaidOnceAndWhy() throws Exception {
        final Path cluster = directory.resolve("cluster");
        assertEquals(0, Run.ztp("init", "--dir", cluster, "--replicas", 4).exit());
        final Path key = cluster.resolve("replicas/1/node.key");
        Files.delete(key);
        assertEquals("ztp: no such file: " + key, Run.ztp("start", "--dir", cluster).err().lines().findFirst().orElse(""));
        final Path wrong = Files.writeString(directory.resolve("wrong.conf"), "dirability = os\n");
        final String said = Run.ztp("start", "--dir", cluster, "--config", wrong).err();
        assertEquals(2, said.split(java.util.regex.Pattern.quote(wrong + ":"), -1).length, said);
        final Run demo = Run.ztp("demo", Files.createFile(directory.resolve("empty")));
        assertEquals(2, demo.exit());
        assertTrue(demo.err().contains("is empty"), demo.err());
    }

    @Test
    void aReceiptThatIsNoneIsExitFive() throws IOException {
        final Path cluster = directory.resolve("cluster");
        Run.ztp("init", "--dir", cluster, "--replicas", 4);
        final Path file = Files.writeString(directory.resolve("receipt.json"), "{}");
        final Run run = Run.ztp("verify-receipt", file, "--genesis", cluster.resolve("genesis.conf"));
        assertEquals(5, run.exit(), run.err());
        assertEquals(2, Run.ztp("verify-receipt", file, "--genesis", file).exit());
    }

    @Test
    void doctorLooksAtEverythingAndChangesNothing() throws IOException {
        final Run run = Run.ztp("doctor", "--json", "--dir", directory);
        final List<String> names = ConfigFactory.parseString(run.out()).getConfigList("findings").stream()
            .map(finding -> finding.getString("what")).toList();
        assertEquals(List.of("java", "cores", "heap", "open files", "shared memory", "directory", "slurm"),
            names.stream().filter(name -> !name.startsWith("mpi")).toList());
        assertEquals("mpi", names.get(6));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void textsAreJsonTexts() {
        assertEquals("{\"a\":[1,true,null,\"\\\"\\\\\\n\\u0001ü\"],\"b\":{}}",
            Json.of(new TreeMap<>(Map.of("a", Arrays.asList(1, true, null, "\"\\\n\u0001ü"),
                "b", Map.of()))));
    }
}
