package org.ztp.contract.rules;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of an accepted GRANT or REVOKE, as the detail of its outcome tells.
 *
 * @param version of the contract from then on, 1 or more
 * @param revoked seekers who were in a clause and are in none any more
 */
public record Changed(int version, int revoked) {
    private static final Pattern DETAIL =
        Pattern.compile("contract version ([0-9]{1,9}), seekers revoked: ([0-9]{1,9})");

    String detail() {
        return "contract version " + version + ", seekers revoked: " + revoked;
    }

    /** Reads it from a detail; empty if that is another one. */
    public static Optional<Changed> parse(final String detail) {
        final Matcher told = DETAIL.matcher(detail);
        return !told.matches() ? Optional.empty()
            : Optional.of(new Changed(Integer.parseInt(told.group(1)), Integer.parseInt(told.group(2))));
    }
}
