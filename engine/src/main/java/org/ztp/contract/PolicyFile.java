package org.ztp.contract;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ztp.config.NoIncludes;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPublicKey;
import org.ztp.wire.Hash;
import org.ztp.wire.WireWriter;

/**
 * Reads a policy, the HOCON file in which an owner writes a contract.
 *
 * <pre>
 * seekers = ["ssh-ed25519 AAAA… bob", "keys/carol.pub"]      # required; [] for nobody. Paths start at the policy
 * rules {                                                    # optional, and so is each of them
 *   not-before    = 2026-01-01T00:00:00Z
 *   not-after     = 2027-01-01T00:00:00Z                     # the last moment
 *   embargo-until = 2026-03-01T00:00:00Z
 *   max-requests  = 10                                       # allowed ones, per seeker and range
 *   purpose       = required                                 # or optional
 *   approvals { count = 2, approvers = ["keys/ann.pub", "keys/ben.pub", "keys/cem.pub"] }
 * }
 * chunks = [ { range = "0-99", seekers = [ … ], rules { … } } ]
 * </pre>
 *
 * <p>An entry of {@code chunks} replaces the above for its range; what it leaves out of {@code seekers} and
 * {@code rules} is as above, what it gives replaces the whole of it. Ranges must not overlap. Unknown keys are errors,
 * and so are substitutions, {@code ${?path}} too, of what the policy itself does not say.
 */
public final class PolicyFile {
    /** Most bytes of a policy. */
    public static final int MAX_BYTES = 1 << 20;

    private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{[^}]*}");
    private static final String SEEKERS = "seekers";
    private static final String RULES = "rules";
    private static final String CHUNKS = "chunks";
    private static final List<String> ENTRY_KEYS = List.of("range", SEEKERS, RULES);
    private static final List<String> RULE_KEYS =
        List.of("not-before", "not-after", "embargo-until", "max-requests", "purpose", "approvals");

    private final Path file;
    private final int chunkCount;

    private PolicyFile(final Path file, final int chunkCount) {
        this.file = file;
        this.chunkCount = chunkCount;
    }

    /**
     * The contract that a policy says, for a dataset of so many chunks.
     *
     * @param version the contract's version: 1 to publish, the next one to change a contract
     * @throws PolicyException when the file or a key file cannot be read, or what it says makes no sense
     */
    public static Contract read(final Path file, final int chunkCount, final int version) throws PolicyException {
        final PolicyFile policy = new PolicyFile(file, chunkCount);
        return policy.contract(policy.parse(), version);
    }

    private ConfigObject parse() throws PolicyException {
        final String readable = "give a readable HOCON file of at most 1 MiB";
        try (var in = Files.newInputStream(file)) {
            final byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new PolicyException(file + ": policy size: max=" + MAX_BYTES, readable);
            }
            final String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            if (SshKeyFiles.mayBeKey(text)) {
                throw new PolicyException(file + ": holds a key, and no policy", "give the file with the policy");
            }
            return ConfigFactory.parseString(PolicyText.hocon(text), ConfigParseOptions.defaults()
                    .setOriginDescription(file.toString()).setIncluder(new NoIncludes("a policy is one file")))
                .resolve(ConfigResolveOptions.noSystem()).root();
        } catch (final CharacterCodingException notUtf8) {
            throw new PolicyException(file + ": policy is not UTF-8 text", readable);
        } catch (final IOException unreadable) {
            throw new PolicyException(file + ": cannot read policy: " + reason(unreadable), readable);
        } catch (final ConfigException.UnresolvedSubstitution withoutValue) {
            throw new PolicyException(place(withoutValue) + ": nothing in the policy gives a value to "
                + substitution(withoutValue), "write the value itself: a policy has no variables of the environment");
        } catch (final ConfigException malformed) {
            throw new PolicyException(place(malformed) + ": not HOCON: " + firstLine(malformed),
                "put texts into double quotes, and check braces and brackets");
        }
    }

    private String place(final ConfigException wrong) {
        final int line = wrong.origin() == null ? -1 : wrong.origin().lineNumber();
        return file + (line > 0 ? ":" + line : "");
    }

    /** The substitution that has no value, which the message names first. */
    private static String substitution(final ConfigException withoutValue) {
        final Matcher named = SUBSTITUTION.matcher(firstLine(withoutValue));
        return named.find() ? named.group() : firstLine(withoutValue);
    }

    private Contract contract(final ConfigObject root, final int version) throws PolicyException {
        final PolicySection top = PolicySection.of(file.toString(), "", root, List.of(SEEKERS, RULES, CHUNKS));
        final Clause whole = new Clause(ChunkRange.all(chunkCount), seekers(top), rules(top));
        final List<Clause> clauses = new ArrayList<>(List.of(whole));
        if (top.has(CHUNKS)) {
            for (final PolicySection entry : top.sections(CHUNKS, ENTRY_KEYS)) {
                clauses.add(new Clause(range(entry, clauses.subList(1, clauses.size())),
                    entry.has(SEEKERS) ? seekers(entry) : whole.seekers(),
                    entry.has(RULES) ? rules(entry) : whole.rules()));
            }
        }
        clauses.subList(1, clauses.size()).sort((a, b) -> a.chunks().compareTo(b.chunks()));
        final Contract contract = new Contract(version, clauses);
        if (clauses.size() > Contract.MAX_CLAUSES) {
            throw top.refuse(CHUNKS, "entries: max=" + (Contract.MAX_CLAUSES - 1) + " actual=" + (clauses.size() - 1),
                "join neighbouring ranges");
        }
        try {
            contract.encode(new WireWriter());
        } catch (final IllegalArgumentException tooLong) {
            throw new PolicyException(file + ": " + tooLong.getMessage(), "shorten the lists of keys");
        }
        return contract;
    }

    private ChunkRange range(final PolicySection entry, final List<Clause> others) throws PolicyException {
        final String shape = "write range = \"0-99\", inside of the file's chunks " + ChunkRange.all(chunkCount);
        final String text = entry.text("range", shape);
        if (!text.matches("\\d{1,7}(-\\d{1,7})?")) {
            throw entry.refuse("range", "not a range of chunks: " + text, shape);
        }
        final String[] ends = text.split("-");
        final ChunkRange range = new ChunkRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
        if (range.last() < range.first()) {
            throw entry.refuse("range", "ends before it starts: " + text, shape);
        }
        if (range.last() >= chunkCount) {
            throw entry.refuse("range", "beyond the file: expected=" + ChunkRange.all(chunkCount) + " actual=" + text,
                shape);
        }
        for (final Clause other : others) {
            if (other.chunks().overlaps(range)) {
                throw entry.refuse("range", text + " overlaps " + other.chunks(), "give each chunk one entry at most");
            }
        }
        return range;
    }

    private List<Identity> seekers(final PolicySection section) throws PolicyException {
        return identities(section, SEEKERS, Clause.MAX_SEEKERS);
    }

    private Rules rules(final PolicySection parent) throws PolicyException {
        if (!parent.has(RULES)) {
            return Rules.NONE;
        }
        final PolicySection section = parent.section(RULES, RULE_KEYS);
        final List<Identity> approvers = new ArrayList<>();
        final int approvals = approvals(section, approvers);
        final Rules rules = new Rules(section.instant("not-before"), section.instant("not-after"),
            section.instant("embargo-until"), section.number("max-requests", 1, Integer.MAX_VALUE),
            purposeRequired(section), approvals, approvers);
        if (!rules.wellFormed()) {
            throw section.refuse("not-after", "before not-before or embargo-until",
                "nobody could ever ask: give a later not-after");
        }
        return rules;
    }

    private static boolean purposeRequired(final PolicySection section) throws PolicyException {
        final String shape = "write purpose = required, or purpose = optional";
        final String purpose = section.has("purpose") ? section.text("purpose", shape) : "optional";
        if (!purpose.equals("required") && !purpose.equals("optional")) {
            throw section.refuse("purpose", "expected=required|optional actual=" + purpose, shape);
        }
        return purpose.equals("required");
    }

    private int approvals(final PolicySection parent, final List<Identity> approvers) throws PolicyException {
        if (!parent.has("approvals")) {
            return 0;
        }
        final PolicySection section = parent.section("approvals", List.of("count", "approvers"));
        approvers.addAll(identities(section, "approvers", Rules.MAX_APPROVERS));
        final int count = section.number("count", 1, Rules.MAX_APPROVERS);
        if (count < 1 || count > approvers.size()) {
            throw section.refuse("count", "approvals needed: expected=1.." + approvers.size() + " actual=" + count,
                "there must be at least as many different approvers as approvals");
        }
        return count;
    }

    private List<Identity> identities(final PolicySection section, final String key, final int max)
            throws PolicyException {
        final List<Identity> identities = new ArrayList<>();
        for (final String entry : section.strings(key)) {
            identities.add(identity(section, key, entry));
        }
        final List<Identity> sorted = Identity.sorted(identities);
        if (sorted.size() > max) {
            throw section.refuse(key, "keys: max=" + max + " actual=" + sorted.size(), "name fewer keys");
        }
        return sorted;
    }

    private Identity identity(final PolicySection section, final String key, final String entry)
            throws PolicyException {
        try {
            final SshPublicKey read = entry.matches("(ssh|ecdsa|sk)-.*|.* .*") ? SshPublicKey.parse(entry)
                : SshPublicKey.read(file.toAbsolutePath().resolveSibling(entry));
            return Identity.of(Hash.of(read.key().bytes()), read.comment());
        } catch (final KeyFormatException malformed) {
            throw section.refuse(key, brief(entry) + ": " + malformed.getMessage(), malformed.hint());
        } catch (final IOException | InvalidPathException unreadable) {
            throw section.refuse(key, "cannot read key file " + brief(entry) + ": " + reason(unreadable),
                "give the line of a .pub file, or its path from where the policy is");
        }
    }

    private static String brief(final String entry) {
        final String line = entry.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 40 ? line : line.substring(0, 40) + "…";
    }

    private static String reason(final Exception unreadable) {
        return unreadable.getClass().getSimpleName().replace("Exception", "");
    }

    private static String firstLine(final ConfigException malformed) {
        return malformed.getMessage().lines().findFirst().orElse("").trim();
    }
}
