package org.ztp.contract;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes HOCON of a policy: a bare instant such as {@code 2026-01-01T00:00:00Z} is put into quotes, because HOCON takes
 * the colon in it for the end of a key; and {@code ${?path}} becomes <code>${path}</code>, because HOCON drops a key
 * whose optional substitution has no value, and with it a rule that the owner wrote down. Strings and comments stay as
 * they are, and so do the numbers of lines.
 */
final class PolicyText {
    /** Groups of {@link #TOKEN}. */
    private static final int INSTANT = 1;
    private static final int OPTIONAL = 2;

    /** What is copied as it is (strings, comments), or else an instant, or the begin of an optional substitution. */
    private static final Pattern TOKEN = Pattern.compile(
        "\"\"\".*?\"\"\"+|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|(?:#|//)[^\\n]*+"
        + "|(?<instant>\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d)?)"
        + "|(?<optional>\\$\\{\\?)",
        Pattern.DOTALL);

    private PolicyText() {
    }

    static String hocon(final String policy) {
        return TOKEN.matcher(policy).replaceAll(found -> Matcher.quoteReplacement(
            found.group(INSTANT) != null ? "\"" + found.group() + "\""
                : found.group(OPTIONAL) != null ? "${" : found.group()));
    }
}
