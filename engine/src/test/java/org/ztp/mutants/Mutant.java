package org.ztp.mutants;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The protocol with one rule taken away.
 *
 * @param name what is wrong, in words
 * @param ofAllocation whether it is searched for in allocations whose clients share data
 * @param edits where, and how
 */
record Mutant(String name, boolean ofAllocation, List<Edit> edits) {
    /**
     * Another text in one source file.
     *
     * @param file path below the package {@code org.ztp}
     * @param text what stands there, once; white space counts as one blank
     * @param instead what replaces it, with {@link #ON} for "this mutant is on"
     */
    record Edit(String file, String text, String instead) { }

    /** In an edit's replacement: whether the mutant is on. */
    static final String ON = "MUTANT";

    Mutant {
        edits = List.copyOf(edits);
    }

    /**
     * All of them, from {@code mutants.txt}: a line with a name, one that says where to search if that is in
     * allocations, then for each edit its file, old and new lines.
     */
    static List<Mutant> all() {
        final List<Mutant> mutants = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
            Mutant.class.getResourceAsStream("mutants.txt"), StandardCharsets.UTF_8))) {
            String name = null;
            boolean ofAllocation = false;
            String file = null;
            String text = "";
            String instead = "";
            List<Edit> edits = new ArrayList<>();
            for (final String line : (Iterable<String>) in.lines()::iterator) {
                final String value = line.length() > 2 ? line.substring(2) : "";
                if (!line.startsWith("-") && !line.startsWith("+") && !text.isEmpty()) {
                    edits.add(new Edit(file, text, instead));
                    text = "";
                    instead = "";
                }
                switch (line.isEmpty() ? '#' : line.charAt(0)) {
                    case '=' -> {
                        if (name != null) {
                            mutants.add(new Mutant(name, ofAllocation, edits));
                        }
                        name = value;
                        ofAllocation = false;
                        edits = new ArrayList<>();
                    }
                    case '%' -> ofAllocation = value.equals("allocation");
                    case '@' -> file = value;
                    case '-' -> text += " " + value;
                    case '+' -> instead += value + "\n";
                    case '#' -> { }
                    default -> throw new IllegalStateException("mutants.txt: " + line);
                }
            }
            if (!text.isEmpty()) {
                edits.add(new Edit(file, text, instead));
            }
            mutants.add(new Mutant(name, ofAllocation, edits));
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return mutants;
    }
}
