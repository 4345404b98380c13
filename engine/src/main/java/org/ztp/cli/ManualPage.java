package org.ztp.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of one command, in the macros of man(7) and in ASCII, from what picocli knows of the command. */
final class ManualPage {
    /** Three dots that do not end a sentence. */
    private static final String MORE = "...\\&";

    private final CommandSpec command;
    private final StringBuilder page = new StringBuilder();

    private ManualPage(final CommandSpec command) {
        this.command = command;
    }

    /** The pages of a command and of all commands below it, by the names of their files, such as ztp-publish.1. */
    static SortedMap<String, String> all(final CommandSpec root) {
        final SortedMap<String, String> pages = new TreeMap<>();
        commands(root).forEach((name, command) -> pages.put(name + ".1", new ManualPage(command).write()));
        return pages;
    }

    /** A command and all commands below it, by the names of their pages, such as ztp-publish. */
    static SortedMap<String, CommandSpec> commands(final CommandSpec root) {
        final SortedMap<String, CommandSpec> commands = new TreeMap<>(Map.of(root.qualifiedName("-"), root));
        for (final CommandLine below : root.subcommands().values()) {
            commands.putAll(commands(below.getCommandSpec()));
        }
        return commands;
    }

    /** The options that help shows, by name. */
    static List<OptionSpec> options(final CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden())
            .sorted(Comparator.comparing(OptionSpec::longestName)).toList();
    }

    /** Text as roff reads it: no character of it is a request, and every hyphen can be copied into a shell. */
    static String escaped(final String text) {
        final StringBuilder roff = new StringBuilder();
        text.codePoints().forEach(point -> roff.append(switch (point) {
            case '\\' -> "\\e";
            case '-' -> "\\-";
            case '\'' -> "\\(aq";
            case '`' -> "\\(ga";
            case '\u2026' -> "...";
            case '^' -> "\\(ha";
            case '~' -> "\\(ti";
            default -> point < 0x7F ? Character.toString(point) : String.format(Locale.ROOT, "\\[u%04X]", point);
        }));
        return (roff.indexOf(".") == 0 ? "\\&" : "") + roff;
    }

    private String write() {
        line(".\\\" Written by ManualPagesTest from the command itself; see HACKING.md.");
        line(".TH " + escaped(command.qualifiedName("-").toUpperCase(Locale.ROOT)) + " 1 \"\" ztp \"ZTP manual\"");
        line(".nh"); // a name that is broken over two lines reads as another one
        line(".ad l");
        section("NAME");
        line(escaped(command.qualifiedName("-")) + " \\- " + escaped(summary(command)));
        section("SYNOPSIS");
        synopsis();
        section("DESCRIPTION");
        prose(plain(command.usageMessage().header()), plain(command.usageMessage().description()),
            plain(command.usageMessage().footer()));
        commands();
        parameters();
        section("OPTIONS");
        options(command).forEach(option -> entry(names(option), option));
        section("EXIT STATUS");
        command.root().usageMessage().exitCodeList().forEach((code, meaning) -> entry(bold(code.strip()), meaning));
        section("SEE ALSO");
        seeAlso();
        return page.toString();
    }

    private void synopsis() {
        line(bold(command.qualifiedName(" ")));
        line("[" + italic("OPTION") + "]" + MORE);
        options(command).stream().filter(OptionSpec::required).forEach(option -> line(named(option.longestName(), option)));
        for (final PositionalParamSpec parameter : command.positionalParameters()) {
            final String label = italic(parameter.paramLabel()) + more(parameter);
            line(parameter.required() ? label : "[" + label + "]");
        }
        if (!command.subcommands().isEmpty()) {
            line(italic("COMMAND") + " " + MORE);
        }
    }

    private void commands() {
        if (!command.subcommands().isEmpty()) {
            section("COMMANDS");
            command.subcommands().forEach((name, below) -> entry(bold(name), summary(below.getCommandSpec()) + "."));
        }
    }

    private void parameters() {
        if (!command.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            command.positionalParameters().forEach(parameter -> entry(italic(parameter.paramLabel()), parameter));
        }
    }

    private void seeAlso() {
        final CommandSpec root = command.root();
        final boolean isRoot = command == root;
        if (isRoot) {
            final List<String> names = commands(root).keySet().stream().filter(name -> !name.equals(root.name())).toList();
            for (int i = 0; i < names.size(); i++) {
                line(".BR " + escaped(names.get(i)) + " (1)" + (i + 1 < names.size() ? "," : ""));
            }
        } else {
            line(".BR " + escaped(root.name()) + " (1)");
        }
        prose(root.name() + " help" + (isRoot ? " COMMAND" : " " + command.name()) + " shows the same on the terminal.");
    }

    private void section(final String heading) {
        line(".SH " + heading);
    }

    private void entry(final String tag, final ArgSpec argument) {
        entry(tag, plain(argument.description()) + (argument.required() ? " Required." : ""));
    }

    private void entry(final String tag, final String text) {
        line(".TP");
        line(tag);
        line(sentences(text));
    }

    private void prose(final String... paragraphs) {
        for (final String paragraph : paragraphs) {
            if (!paragraph.isEmpty()) {
                line(".PP");
                line(sentences(paragraph));
            }
        }
    }

    private void line(final String roff) {
        page.append(roff).append('\n');
    }

    /** Each sentence on a line of its own, as roff wants it. */
    private static String sentences(final String text) {
        return String.join("\n", List.of(text.split("(?<=[.?!]) (?=[A-Z])")).stream().map(ManualPage::escaped).toList());
    }

    /** What a command does, in some words without a full stop. */
    private static String summary(final CommandSpec command) {
        final String header = plain(command.usageMessage().header());
        final String text = header.isEmpty() ? plain(command.usageMessage().description()) : header;
        final String words = text.split("[.;:](\\s|$)", 2)[0];
        return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    /** The text of a template of picocli's, on one line. */
    private static String plain(final String... template) {
        return Ansi.OFF.string(String.format(Locale.ROOT, String.join(" ", template))).strip().replaceAll("\\s+", " ");
    }

    private static String names(final OptionSpec option) {
        return String.join(", ", List.of(option.names()).stream().sorted(Comparator.comparing(String::length))
            .map(name -> name.equals(option.longestName()) ? named(name, option) : bold(name)).toList());
    }

    private static String named(final String name, final OptionSpec option) {
        return bold(name) + (option.arity().max() == 0 ? "" : "=" + italic(option.paramLabel()) + more(option));
    }

    private static String more(final ArgSpec argument) {
        return argument.arity().max() > 1 ? MORE : "";
    }

    private static String bold(final String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    private static String italic(final String text) {
        return "\\fI" + escaped(text) + "\\fR";
    }
}
