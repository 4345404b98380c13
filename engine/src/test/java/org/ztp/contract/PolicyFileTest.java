package org.ztp.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshPublicKey;
import org.ztp.wire.Hash;

class PolicyFileTest {
    private static final int CHUNKS = 300;

    @TempDir
    private Path dir;

    @Test
    void theWholePolicyIsRead() throws Exception {
        Files.createDirectories(dir.resolve("keys"));
        Files.writeString(dir.resolve("keys/carol.pub"), line("carol") + "\n");
        final Contract contract = PolicyFile.read(policy("""
            # who: 2026-01-01T00:00:00Z is only a comment here
            seekers = ["%s", "keys/carol.pub"]
            rules {
              not-before = 2026-01-01T00:00:00Z, max-requests = 10, purpose = required
              not-after: 2027-01-01T02:00:00+02:00
              embargo-until = "2026-03-01T00:00:00Z"
              approvals { count = 2, approvers = ["%s", "%s", "%s"] }
            }
            chunks = [
              { range = "200-299", seekers = [] }
              { range = 0-99, seekers = ["%s"], rules { purpose = optional } }
              { range = 100, rules {} }
            ]
            """.formatted(line("bob"), line("ann"), line("ben"), line("cem"), line("dan"))), CHUNKS, 3);
        final Rules rules = new Rules(millis("2026-01-01T00:00:00Z"), millis("2027-01-01T00:00:00Z"),
            millis("2026-03-01T00:00:00Z"), 10, true, 2, people("ann", "ben", "cem"));
        assertEquals(new Contract(3, List.of(
            new Clause(ChunkRange.all(CHUNKS), people("bob", "carol"), rules),
            new Clause(new ChunkRange(0, 99), people("dan"), Rules.NONE),
            new Clause(new ChunkRange(100, 100), people("bob", "carol"), Rules.NONE),
            new Clause(new ChunkRange(200, 299), List.of(), rules))), contract);
    }

    @Test
    void theExampleOfTheDocumentationIsAPolicy() throws Exception {
        final String document = Files.readString(Path.of("docs/POLICY.md"));
        final String example = document.substring(document.indexOf("```\n") + 4, document.lastIndexOf("```\n"));
        final Path file = policy(example.replace("ssh-ed25519 AAAA… bob", line("bob")));
        Files.createDirectories(dir.resolve("keys"));
        for (final String name : List.of("ann", "ben", "carol", "cem", "dan")) {
            Files.writeString(file.resolveSibling("keys/" + name + ".pub"), line(name));
        }
        final Contract contract = PolicyFile.read(file, CHUNKS, 1);
        assertEquals(3, contract.clauses().size());
        assertEquals(people("dan"), contract.clauses().get(1).seekers());
        for (final String key : List.of("not-before", "not-after", "embargo-until", "max-requests", "purpose", "approvals")) {
            assertTrue(document.contains("| `rules." + key + "` |"), key);
        }
    }

    @Test
    void nobodyIsWrittenAsAnEmptyList() throws Exception {
        assertEquals(Map.of(), PolicyFile.read(policy("seekers = []"), CHUNKS, 1).rangesBySeeker());
        assertRefused("rules { }", ":1: seekers: missing", "write seekers = ");
    }

    @Test
    void unknownKeysAreToldWithTheirLineAndTheNearestName() throws IOException {
        assertRefused("seekers = []\nrules {\n  max-request = 3\n}", ":3: rules.max-request: unknown key",
            "did you mean max-requests?");
        assertRefused("seekers = []\nsecret = 3", ":2: secret: unknown key",
            "did you mean seekers?|known keys here: .*");
        assertRefused("seekers = []\nchunks = [\n{ range = 1\nwho = [] } ]", ":4: chunks[0].who: unknown key",
            "known keys here: range, seekers, rules");
    }

    @Test
    void wrongTypesAreRefused() throws IOException {
        assertRefused("seekers = bob", ":1: seekers: expected=list actual=string", "write seekers = .*");
        assertRefused("seekers = [1]", ":1: seekers[0]: expected=string actual=number", "write seekers = .*");
        assertRefused("seekers = []\nrules = 3", ":2: rules: expected=object actual=number", "write rules .*");
        assertRefused("seekers = []\nrules = null", ":2: rules: expected=object actual=null", "write rules .*");
        assertRefused("seekers = []\nchunks = { }", ":2: chunks: expected=list actual=object", "write chunks .*");
        assertRefused("seekers = []\nchunks = [ 7 ]", ":2: chunks[0]: expected=object actual=number",
            "write chunks .*");
        assertRefused("seekers = []\nrules.max-requests = many",
            ":2: rules.max-requests: expected=number actual=string",
            "write max-requests = .*");
        assertRefused("seekers = []\nrules.max-requests = 0", ":2: rules.max-requests: out of range: .* actual=0",
            ".*");
        assertRefused("seekers = []\nrules.max-requests = 1.5", ":2: rules.max-requests: out of range: .* actual=1.5",
            ".*");
        assertRefused("seekers = []\nrules.max-requests = 9999999999", ":2: rules.max-requests: out of range: .*",
            ".*");
        assertRefused("seekers = []\nrules.purpose = maybe",
            ":2: rules.purpose: expected=required.optional actual=maybe", "write purpose = .*");
    }

    @Test
    void instantsNeedTheirZone() throws IOException {
        for (final String bad : List.of("2026-01-01", "2026-01-01T00:00:00", "soon", "\"2026-13-01T00:00:00Z\"")) {
            assertRefused("seekers = []\nrules.not-before = " + bad, ":2: rules.not-before: not an instant: .*",
                "write it with its zone, .*");
        }
        assertRefused("seekers = []\nrules.embargo-until = \"+300000000-01-01T00:00:00Z\"",
            ":2: rules.embargo-until: not an instant: .300000000-01-01T00:00:00Z", "write it with its zone, .*");
        assertRefused("seekers = []\nrules.not-before = 1969-01-01T00:00:00Z", ":2: rules.not-before: before 1970: .*",
            ".*");
    }

    @Test
    void contradictionsAreRefused() throws IOException {
        assertRefused("seekers = []\nrules {\nnot-before = 2026-01-02T00:00:00Z\nnot-after = 2026-01-01T00:00:00Z }",
            ":4: rules.not-after: before not-before or embargo-until", ".*");
        assertRefused("seekers = []\nrules.approvals { count = 2, approvers = [\"" + line("ann") + "\"] }",
            ":2: rules.approvals.count: approvals needed: expected=1..1 actual=2", ".*");
        assertRefused("seekers = []\nrules.approvals { count = 2, approvers = [\"" + line("ann") + "\", \""
            + line("ann") + "\"] }", ":2: rules.approvals.count: approvals needed: expected=1..1 actual=2", ".*");
        assertRefused("seekers = []\nrules.approvals { approvers = [\"" + line("ann") + "\"] }",
            ":2: rules.approvals.count: approvals needed: .* actual=0", ".*");
        assertRefused("seekers = []\nrules.approvals { count = 1 }", ":2: rules.approvals.approvers: missing", ".*");
    }

    @Test
    void rangesLieInTheFileAndApart() throws IOException {
        assertRefused("seekers = []\nchunks = [ { range = \"0-300\" } ]",
            ":2: chunks[0].range: beyond the file: expected=0-299 actual=0-300", ".*");
        assertRefused("seekers = []\nchunks = [ { range = \"5-4\" } ]",
            ":2: chunks[0].range: ends before it starts: 5-4", ".*");
        assertRefused("seekers = []\nchunks = [ { range = \"a-b\" } ]",
            ":2: chunks[0].range: not a range of chunks: a-b", ".*");
        assertRefused("seekers = []\nchunks = [ { range = -4 } ]", ":2: chunks[0].range: not a range of chunks: -4",
            ".*");
        assertRefused("seekers = []\nchunks = [ { range = \"0-9\" }\n{ range = \"9-10\" } ]",
            ":3: chunks[1].range: 9-10 overlaps 0-9", ".*");
        assertRefused("seekers = []\nchunks = [ { } ]", ":2: chunks[0].range: missing", ".*");
    }

    @Test
    void keysThatAreNoneAreRefused() throws IOException {
        assertRefused("seekers = [\"ssh-rsa AAAA bob\"]", ":1: seekers: ssh-rsa AAAA bob: key type: .*",
            ".*ssh-keygen.*");
        assertRefused("seekers = [\"ssh-ed25519 AAAA bob\"]", ":1: seekers: ssh-ed25519 AAAA bob: .*", ".*");
        assertRefused("seekers = [\"keys/nobody.pub\"]",
            ":1: seekers: cannot read key file keys/nobody.pub: NoSuchFile", "give the line of a .pub file, .*");
        Files.writeString(dir.resolve("empty.pub"), "");
        assertRefused("seekers = [\"empty.pub\"]", ":1: seekers: empty.pub: .*", ".*");
        assertRefused("seekers = [\"a\\u0000b\"]", ":1: seekers: .*", ".*");
        assertRefused("seekers = [\".\"]", ":1: seekers: .*", ".*");
    }

    @Test
    void whatIsNoHoconIsRefusedWithItsLine() throws IOException {
        assertRefused("seekers = [\n\"a\"", ":2: not HOCON: .*", ".*");
        assertRefused("seekers = []\ninclude \"other.conf\"", ".*not HOCON: include other.conf: a policy is one file",
            ".*");
        final Path other = Files.writeString(dir.resolve("other.conf"), "seekers = []");
        for (final String included : List.of("file(\"%s\")", "url(\"file:%s\")", "required(file(\"%s\"))")) {
            assertRefused("include " + included.formatted(other),
                ".*not HOCON: include .*other.conf: a policy is one file", ".*");
        }
        assertRefused("include classpath(\"reference.conf\")", ".*: a policy is one file", ".*");
        Files.write(dir.resolve("latin.conf"), new byte[] {(byte) 0xe9});
        assertRefusedFile(dir.resolve("latin.conf"), ": policy is not UTF-8 text");
        assertRefusedFile(dir.resolve("none.conf"), ": cannot read policy: NoSuchFile");
        assertRefusedFile(dir, ": cannot read policy: .*");
        Files.write(dir.resolve("long.conf"), new byte[PolicyFile.MAX_BYTES + 1]);
        assertRefusedFile(dir.resolve("long.conf"), ": policy size: max=1048576");
    }

    @Test
    void noRuleVanishesWithASubstitutionThatHasNoValue() throws IOException {
        for (final String rule : List.of("embargo-until", "not-before", "not-after", "max-requests", "purpose",
                "approvals")) {
            assertRefused("seekers = []\nrules {\n  " + rule + " = ${?RELEASE_DATE}\n}",
                ":3: nothing in the policy gives a value to ${RELEASE_DATE}", "write the value itself: .*");
        }
        assertRefused("seekers = ${?HOME}", ":1: nothing in the policy gives a value to ${HOME}", ".*");
        assertRefused("seekers = [${?HOME}]", ":1: nothing in the policy gives a value to ${HOME}", ".*");
        assertRefused("seekers = []\nrules = ${?HOME}{}", ":2: nothing in the policy gives a value to ${HOME}", ".*");
        assertRefused("seekers = []\nchunks = [\n{ range = 1, rules = ${?HOME} } ]",
            ":3: nothing in the policy gives a value to ${HOME}", ".*");
        assertRefused("seekers = []\nchunks = [\n{ range = 1, seekers = ${?a.\"b c\"} } ]",
            ":3: nothing in the policy gives a value to ${a.\"b c\"}", ".*");
        assertRefused("seekers = ${HOME}", ":1: nothing in the policy gives a value to ${HOME}", ".*");
    }

    @Test
    void noRuleVanishesWithSubstitutionsOfOneAnother() throws IOException {
        assertRefused("seekers = []\nrules.embargo-until = ${?rules.embargo-until}",
            ":2: nothing in the policy gives a value to ${rules.embargo-until}", ".*");
        assertRefused("seekers = []\nrules {\nnot-before = ${?rules.embargo-until}\n"
            + "embargo-until = ${?rules.not-before} }", ":.: nothing in the policy gives a value to ${rules..*}", ".*");
        assertRefused("seekers = []\nrules { purpose = ${?rules} }", ":2: nothing in the policy .* ${rules}", ".*");
    }

    @Test
    void whatThePolicySaysItselfIsPutInForASubstitution() throws Exception {
        final Contract contract = PolicyFile.read(policy("""
            seekers += "%s"
            seekers += "%s" # not ${?HOME}
            rules { embargo-until = 2026-03-01T00:00:00Z, not-after = "2027-01-01T00:00:00Z" }
            chunks = [ { range = 1, rules = ${?rules} { purpose = required } }, { range = 2, seekers = ${seekers} } ]
            """.formatted(line("bob"), line("${?carol}"))), CHUNKS, 1);
        assertEquals(Identity.sorted(Stream.concat(people("bob").stream(), people("${?carol}").stream()).toList()),
            contract.clauses().get(0).seekers());
        final Rules rules = new Rules(0, millis("2027-01-01T00:00:00Z"), millis("2026-03-01T00:00:00Z"), 0, true, 0,
            List.of());
        assertEquals(rules, contract.clauses().get(1).rules());
        assertEquals(contract.clauses().get(0).seekers(), contract.clauses().get(2).seekers());
    }

    @Test
    void longStringsAndCommentsDoNotHangTheReader() throws IOException {
        assertRefused("seekers = \"" + "a".repeat(200_000), ".*not HOCON.*", ".*");
        assertRefused("seekers = [\"" + "x".repeat(200_000) + "\"]", ":1: seekers: .*", ".*");
    }

    private void assertRefused(final String hocon, final String message, final String hint) throws IOException {
        final Path file = policy(hocon);
        final PolicyException refused = assertThrows(PolicyException.class, () -> PolicyFile.read(file, CHUNKS, 1));
        final String text = refused.getMessage();
        assertTrue(text.startsWith(file.toString()), text);
        assertTrue(text.substring(file.toString().length()).matches(message.replace("[", "\\[").replace("]", "\\]").replace("${", "\\$\\{")),
            text);
        assertTrue(refused.hint().matches(hint) || refused.hint().startsWith(hint), refused.hint());
        assertEquals(1, text.lines().count());
    }

    private static void assertRefusedFile(final Path file, final String message) {
        final PolicyException refused = assertThrows(PolicyException.class, () -> PolicyFile.read(file, CHUNKS, 1));
        assertTrue(refused.getMessage().matches("\\Q" + file + "\\E" + message), refused.getMessage());
    }

    private Path policy(final String hocon) throws IOException {
        return Files.writeString(dir.resolve("policy.conf"), hocon);
    }

    private static SigningKey signer(final String name) {
        return SigningKey.ofSeed(Parties.key(name).toBytes());
    }

    private static String line(final String name) {
        return new SshPublicKey(signer(name).verifyKey(), name).format();
    }

    private static List<Identity> people(final String... names) {
        return Identity.sorted(Stream.of(names)
            .map(name -> Identity.of(Hash.of(signer(name).verifyKey().bytes()), name)).toList());
    }

    private static long millis(final String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
