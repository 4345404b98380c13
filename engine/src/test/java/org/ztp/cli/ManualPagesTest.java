package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class ManualPagesTest {
    private static final Path DIRECTORY = Path.of("docs/man/man1");

    private final CommandSpec program = Program.commandLine().getCommandSpec();
    private final SortedMap<String, String> pages = ManualPage.all(program);

    @Test
    void thePagesShowTheCommands() throws IOException {
        if (Boolean.getBoolean("ztp.rewrite")) {
            rewrite();
        }
        assertEquals(pages.keySet(), files(), "run the test with -Dztp.rewrite=true");
        for (final Map.Entry<String, String> page : pages.entrySet()) {
            assertEquals(page.getValue(), Files.readString(DIRECTORY.resolve(page.getKey())),
                page.getKey() + ": run the test with -Dztp.rewrite=true");
        }
    }

    @Test
    void everyCommandOptionAndArgumentIsNamed() {
        ManualPage.commands(program).forEach((name, command) -> {
            final String page = pages.get(name + ".1");
            for (final OptionSpec option : ManualPage.options(command)) {
                for (final String spelling : option.names()) {
                    assertTrue(page.contains("\\fB" + ManualPage.escaped(spelling) + "\\fR"), name + " " + spelling);
                }
            }
            command.positionalParameters().forEach(parameter -> assertTrue(
                page.contains("\n.TP\n\\fI" + ManualPage.escaped(parameter.paramLabel()) + "\\fR\n"), page));
            command.subcommands().keySet().forEach(below -> assertTrue(
                page.contains("\n.TP\n\\fB" + ManualPage.escaped(below) + "\\fR\n"), page));
        });
    }

    @Test
    void everyCommandOptionAndArgumentIsDescribed() {
        ManualPage.commands(program).forEach((name, command) -> {
            assertFalse(String.join("", command.usageMessage().description()).isBlank(), name);
            for (final ArgSpec argument : command.args()) {
                assertFalse(String.join("", argument.description()).isBlank(), name + " " + argument);
            }
        });
    }

    @Test
    void everyExitCodeIsTold() {
        assertEquals(Arrays.stream(Exit.values()).map(exit -> String.valueOf(exit.code())).toList(),
            List.copyOf(program.usageMessage().exitCodeList().keySet()));
    }

    @Test
    void thePagesAreAsciiAndNoTextIsARequest() {
        pages.forEach((name, page) -> page.lines().forEach(line -> {
            assertTrue(line.matches("[ -~]+"), name + ": " + line);
            assertTrue(line.matches("\\.(\\\\\".*|(TH|SH|BR) .+|PP|TP|nh|ad l)|[^.'].*"), name + ": " + line);
        }));
    }

    @Test
    void charactersThatRoffWouldReadAreEscaped() {
        assertEquals("\\&.conf \\- \\(aqa\\(aq \\(gab\\(ga \\(ti\\(ha \\en ... \\[u1F511]",
            ManualPage.escaped(".conf - 'a' `b` ~^ \\n \u2026 \ud83d\udd11"));
        assertEquals("\\&... and more", ManualPage.escaped("\u2026 and more"));
    }

    private void rewrite() throws IOException {
        Files.createDirectories(DIRECTORY);
        for (final String stale : files()) {
            Files.delete(DIRECTORY.resolve(stale));
        }
        for (final Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(DIRECTORY.resolve(page.getKey()), page.getValue());
        }
    }

    private static TreeSet<String> files() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
