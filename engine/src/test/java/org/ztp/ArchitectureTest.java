package org.ztp;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.text.NumberFormat;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between packages, and what the protocol's packages may not touch. */
class ArchitectureTest {
    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
            .importPackages("org.ztp");

    /** Same state and same event give the same actions: no clock, file, socket, thread, logger or random inside. */
    private static final String[] SANS_IO = {
        "org.ztp.accumulate..", "org.ztp.consensus..", "org.ztp.contract..", "org.ztp.epoch..", "org.ztp.ledger..",
        "org.ztp.merkle..", "org.ztp.release..", "org.ztp.wire..",
    };

    /** The edge of the contracts: it reads the owner's file, all the rest works on its text. */
    private static final String POLICY_FILE = "org.ztp.contract.PolicyFile";

    @Test
    void theClassesAreRead() {
        assertTrue(ENGINE.contain("org.ztp.merkle.MerkleTree"));
        assertTrue(ENGINE.size() > 50);
    }

    @Test
    void onlyCryptoImportsBouncyCastle() {
        check(noClasses().that().resideOutsideOfPackage("org.ztp.crypto..")
                .should().dependOnClassesThat().resideInAPackage("org.bouncycastle.."));
    }

    @Test
    void theEngineKnowsNeitherMpiNorRocksDb() {
        check(noClasses().that().resideOutsideOfPackage("org.ztp.storage..") // beside the engine when built together
                .should().dependOnClassesThat().resideInAnyPackage("mpi..", "org.ztp.mpi..", "org.rocksdb.."));
    }

    @Test
    void theProtocolHasNoInputOrOutputThreadsOrLoggers() {
        check(protocol().should().dependOnClassesThat().resideInAnyPackage(
                "java.io..", "java.net..", "java.nio.channels..", "java.nio.file..", "java.util.concurrent..",
                "java.util.logging..", "org.ztp.cli..", "org.ztp.client..", "org.ztp.runtime..", "org.ztp.storage..",
                "org.ztp.transport.."));
        check(protocol().should().dependOnClassesThat().areAssignableTo(Thread.class));
    }

    @Test
    void theProtocolHasNoClockAndNoChance() {
        check(protocol().should().callMethod(System.class, "nanoTime"));
        check(protocol().should().callMethod(System.class, "currentTimeMillis"));
        check(protocol().should().callMethod(Instant.class, "now"));
        check(protocol().should().dependOnClassesThat().areAssignableTo(Clock.class));
        check(protocol().should().callMethod(Math.class, "random"));
        check(protocol().should().callConstructor(Random.class));
        check(protocol().should().dependOnClassesThat().areAssignableTo(SecureRandom.class));
    }

    @Test
    void nothingIsWrittenInTheDigitsAndLettersOfTheUsersLocale() {
        check(noClasses().should().callMethod(String.class, "format", String.class, Object[].class));
        check(noClasses().should().callMethod(String.class, "formatted", Object[].class));
        check(noClasses().should().callMethod(String.class, "toLowerCase"));
        check(noClasses().should().callMethod(String.class, "toUpperCase"));
        for (Class<?> writer : List.of(PrintStream.class, PrintWriter.class)) {
            check(noClasses().should().callMethod(writer, "printf", String.class, Object[].class));
            check(noClasses().should().callMethod(writer, "format", String.class, Object[].class));
        }
        check(noClasses().should().callConstructor(Formatter.class));
        check(noClasses().should().dependOnClassesThat().areAssignableTo(NumberFormat.class));
        check(noClasses().should().callMethod(DateTimeFormatter.class, "ofPattern", String.class));
    }

    @ParameterizedTest
    @CsvSource({
        "wire, ''",
        "merkle, ''",
        "config, ''",
        "team, merkle",
        "crypto, merkle wire",
        "accumulate, merkle wire",
        "ledger, merkle wire",
        "index, ledger storage wire",
        "contract, config crypto ledger merkle wire", // config: the nearest key to a mistyped one
        "cluster, config crypto ledger merkle wire",
        "epoch, accumulate ledger wire",
        "consensus, accumulate cluster crypto ledger merkle wire",
        "release, accumulate contract crypto ledger privacy wire",
    })
    void aPackageDependsOnlyOnThoseBelowIt(String name, String below) {
        String[] allowed = Stream.concat(Stream.of(name), Stream.of(below.split(" ")).filter(b -> !b.isEmpty()))
                .map(p -> "org.ztp." + p + "..").toArray(String[]::new);
        check(classes().that().resideInAPackage("org.ztp." + name + "..").should().onlyDependOnClassesThat(
                resideInAnyPackage(allowed).or(not(resideInAPackage("org.ztp..")))));
    }

    @Test
    void privacyAndTransportStandBelowTheRuntime() {
        check(noClasses().that().resideInAnyPackage("org.ztp.privacy..", "org.ztp.transport..")
                .should().dependOnClassesThat().resideInAnyPackage(
                        "org.ztp.cli..", "org.ztp.client..", "org.ztp.runtime.."));
    }

    @Test
    void nothingDependsOnTheCommandLine() {
        check(noClasses().that().resideOutsideOfPackage("org.ztp.cli..")
                .should().dependOnClassesThat().resideInAPackage("org.ztp.cli.."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("org.ztp.(*)..").should().beFreeOfCycles());
    }

    @Test
    void aBrokenRuleIsFound() {
        ArchRule rule = noClasses().that().resideInAPackage("org.ztp.team..")
                .should().dependOnClassesThat().areAssignableTo(LockSupport.class);
        assertThrows(AssertionError.class, () -> rule.check(ENGINE));
    }

    private static GivenClassesConjunction protocol() {
        return noClasses().that().resideInAnyPackage(SANS_IO).and().doNotHaveFullyQualifiedName(POLICY_FILE);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ENGINE); // a rule may speak of a package that is not there yet
    }
}
