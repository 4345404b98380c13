package org.ztp.contract;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a policy proper HOCON: a bare instant such as {@code 2026-01-01T00:00:00Z} is put into quotes, because HOCON
 * takes the colon in it for the end of a key. Strings and comments stay as they are, and so do the numbers of lines.
 */
final class PolicyText {
    /** What is copied as it is (strings, comments), or else an instant. */
    private static final Pattern TOKEN = Pattern.compile(
        "\"\"\".*?\"\"\"+|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|(?:#|//)[^\\n]*+"
        + "|(?<instant>\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d)?)",
        Pattern.DOTALL);

    private PolicyText() {
    }

    static String quoteInstants(final String hocon) {
        return TOKEN.matcher(hocon).replaceAll(found -> Matcher.quoteReplacement(
            found.group(1) == null ? found.group() : "\"" + found.group() + "\""));
    }
}
