package org.ztp.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The protocol's sources with all mutants in them, each behind its {@link Switch}, as compiled classes. */
final class MutatedSources {
    private static final Path SOURCES = Path.of("src/main/java/org/ztp");

    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    /** A change at a place of a file. */
    private record Change(int start, int end, String instead) { }

    /**
     * Puts mutants into the sources.
     *
     * @throws IllegalStateException if a mutant's text is not in its file, or more than once, or overlaps another's
     */
    MutatedSources(final List<Mutant> mutants) throws IOException {
        final Map<String, List<Change>> changes = new TreeMap<>();
        for (int i = 0; i < mutants.size(); i++) {
            for (final Mutant.Edit edit : mutants.get(i).edits()) {
                if (!texts.containsKey(edit.file())) {
                    texts.put(edit.file(), Files.readString(SOURCES.resolve(edit.file())));
                }
                changes.computeIfAbsent(edit.file(), absent -> new ArrayList<>()).add(change(mutants.get(i), i, edit));
            }
        }
        changes.forEach((file, ofFile) -> texts.put(file, changed(file, ofFile)));
    }

    private Change change(final Mutant mutant, final int number, final Mutant.Edit edit) {
        final Pattern pattern = Pattern.compile(Stream.of(edit.text().strip().split("\\s+")).map(Pattern::quote)
            .collect(Collectors.joining("\\s+")));
        final List<MatchResult> places = pattern.matcher(texts.get(edit.file())).results().toList();
        if (places.size() != 1) {
            throw new IllegalStateException("the mutant '" + mutant.name() + "' changes a text that stands "
                + places.size() + " times in " + edit.file() + ", not once; find where the rule is now, and tell it in "
                + "mutants.txt: " + edit.text().strip());
        }
        return new Change(places.get(0).start(), places.get(0).end(),
            edit.instead().replace(Mutant.ON, Switch.class.getName() + ".is(" + number + ")").strip());
    }

    private String changed(final String file, final List<Change> changes) {
        changes.sort(Comparator.comparingInt(Change::start));
        final String text = texts.get(file);
        final StringBuilder changed = new StringBuilder();
        int at = 0;
        for (final Change change : changes) {
            if (change.start() < at) {
                throw new IllegalStateException("two mutants change the same text of " + file + ": "
                    + text.substring(change.start(), change.end()));
            }
            changed.append(text, at, change.start()).append(change.instead());
            at = change.end();
        }
        return changed.append(text.substring(at)).toString();
    }

    /** The changed classes, by name. */
    Map<String, byte[]> compiled() throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final StringWriter said = new StringWriter();
        final List<JavaFileObject> sources = new ArrayList<>();
        texts.forEach((file, text) -> sources.add(new Source(file, text)));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            final boolean done = compiler.getTask(said, new Memory(files), null, List.of("-proc:none", "-nowarn",
                "-classpath", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))),
                null, sources).call();
            if (!done) {
                throw new IllegalStateException("mutants do not compile:\n" + said);
            }
        }
        final Map<String, byte[]> compiled = new HashMap<>();
        classes.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
        return compiled;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(final String file, final String text) {
            super(URI.create("string:///org/ztp/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        Memory(final JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(final Location location, final String name,
                                                   final JavaFileObject.Kind kind, final FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(name, absent -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
