package org.ztp.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What the simulation is worth: it finds every mutant, each from seed 1 on, within {@value #SEEDS} seeds. */
final class MutantsTest {
    private static final int SEEDS = 800;
    private static final Path PAGE = Path.of("docs/SIMULATION.md");
    private static final String HEAD = "| mutant | seeds |\n|---|---:|\n";

    private final List<Mutant> mutants = Mutant.all();

    /** The first seed with which a mutant was found, 0 for none, and what was found. */
    private record Search(int seed, String violation) { }

    private List<Search> searches() throws Exception {
        final MutatedClasses classes = new MutatedClasses(new MutatedSources(mutants).compiled());
        final Class<?> cluster = classes.loadClass(SeedRun.class.getName());
        final Class<?> allocation = classes.loadClass(AllocationRun.class.getName());
        final ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            final List<Future<Search>> searching = new ArrayList<>();
            for (int i = 0; i < mutants.size(); i++) {
                final int mutant = i;
                final Class<?> run = mutants.get(mutant).ofAllocation() ? allocation : cluster;
                searching.add(threads.submit(() -> search(run, mutant, SEEDS)));
            }
            final List<Search> searches = new ArrayList<>();
            for (final Future<Search> one : searching) {
                searches.add(one.get());
            }
            return searches;
        } finally {
            threads.shutdown();
        }
    }

    private static Search search(final Class<?> type, final int mutant, final int seeds)
        throws ReflectiveOperationException {
        @SuppressWarnings("unchecked")
        final BiFunction<Integer, Long, String> run =
            (BiFunction<Integer, Long, String>) type.getDeclaredConstructor().newInstance();
        for (int seed = 1; seed <= seeds; seed++) {
            final String violation = run.apply(mutant, (long) seed);
            if (!violation.isEmpty()) {
                return new Search(seed, violation);
            }
        }
        return new Search(0, "");
    }

    @Test
    void theSimulationFindsEveryMutant() throws Exception {
        final List<Search> searches = searches();
        final StringBuilder table = new StringBuilder(HEAD);
        final List<String> missed = new ArrayList<>();
        for (int i = 0; i < mutants.size(); i++) {
            final String name = mutants.get(i).name();
            System.out.println(searches.get(i).seed() + " " + name + ": " + searches.get(i).violation());
            table.append(row(name)).append(searches.get(i).seed()).append(" |\n");
            if (searches.get(i).seed() == 0) {
                missed.add(name);
            }
        }
        assertEquals(List.of(), missed, "not found within " + SEEDS + " seeds");
        if (Boolean.getBoolean("ztp.rewrite")) {
            final String page = Files.readString(PAGE);
            Files.writeString(PAGE, page.substring(0, page.indexOf(HEAD)) + table);
        }
    }

    /**
     * The numbers on the page are those of the day when it was rewritten; every change of the simulation moves them.
     */
    @Test
    void thePageNamesEveryMutant() throws IOException {
        final String page = Files.readString(PAGE);
        final List<String> named = page.substring(page.indexOf(HEAD) + HEAD.length()).lines()
            .map(line -> line.substring(0, line.lastIndexOf("| ") + 2)).toList();
        assertEquals(mutants.stream().map(mutant -> row(mutant.name())).toList(), named,
            "run the tests with -Dztp.rewrite=true");
    }

    private static String row(final String name) {
        return "| " + name + " | ";
    }

    @Test
    void aFailingRunIsMadeShorterAndFailsWhenItIsRepeated() throws Exception {
        final Class<?> type = new MutatedClasses(new MutatedSources(mutants).compiled())
            .loadClass(ShrunkRun.class.getName());
        final int mutant = mutants.stream().map(Mutant::name).toList().indexOf("A restart forgets the lock");
        final long seed = search(type.getClassLoader().loadClass(SeedRun.class.getName()), mutant, SEEDS).seed();
        @SuppressWarnings("unchecked")
        final BiFunction<Integer, Long, String> run =
            (BiFunction<Integer, Long, String>) type.getDeclaredConstructor().newInstance();
        final String shrunk = run.apply(mutant, seed);
        assertTrue(shrunk.matches("--seed " + seed + " --steps \\d+ (--bundles \\d+ )?--without [a-z,-]+: .+"), shrunk);
        assertFalse(shrunk.contains("crashes") && shrunk.contains("restarts"), "no restart, no mutant: " + shrunk);
    }

    @Test
    void withoutAMutantTheMutatedClassesAreTheProtocol() throws Exception {
        final MutatedClasses classes = new MutatedClasses(new MutatedSources(mutants).compiled());
        assertEquals("", search(classes.loadClass(SeedRun.class.getName()), -1, 5).violation());
        assertEquals("", search(classes.loadClass(AllocationRun.class.getName()), -1, 1).violation());
    }
}
