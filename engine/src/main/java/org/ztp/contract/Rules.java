package org.ztp.contract;

import java.util.ArrayList;
import java.util.List;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * What a request must satisfy beyond coming from a seeker. Times are milliseconds since 1970; 0 means that there is no
 * such rule.
 *
 * @param notBeforeMillis first moment at which a request is allowed
 * @param notAfterMillis last moment at which a request is allowed and its shares are released
 * @param embargoUntilMillis moment at which the embargo ends
 * @param maxRequests allowed requests per seeker and clause
 * @param purposeRequired whether a request must say what it is for
 * @param approvals approvers that must agree, at most as many as are listed
 * @param approvers who may approve, by ascending key; only where {@code approvals} is above 0
 */
public record Rules(long notBeforeMillis, long notAfterMillis, long embargoUntilMillis, int maxRequests,
                    boolean purposeRequired, int approvals, List<Identity> approvers) {
    /** Most approvers of a clause. */
    public static final int MAX_APPROVERS = 64;
    /** No rules at all: being a seeker is enough. */
    public static final Rules NONE = new Rules(0, 0, 0, 0, false, 0, List.of());

    /** Keeps the list as it is. */
    public Rules {
        approvers = List.copyOf(approvers);
    }

    /** Whether the fields make sense together; decoders accept and encoders write nothing else. */
    public boolean wellFormed() {
        return notBeforeMillis >= 0 && notAfterMillis >= 0 && embargoUntilMillis >= 0 && maxRequests >= 0
            && (notAfterMillis == 0 || notAfterMillis >= Math.max(notBeforeMillis, embargoUntilMillis))
            && approvals >= 0 && approvals <= approvers.size() && approvals > 0 == approvers.size() > 0
            && approvers.size() <= MAX_APPROVERS && Identity.ascending(approvers);
    }

    /** Whether the key is one of its approvers'. */
    public boolean isApprover(final Hash key) {
        return Identity.contains(approvers, key);
    }

    /** Writes them: 31 bytes and the approvers. */
    public void encode(final WireWriter out) {
        out.u64(notBeforeMillis).u64(notAfterMillis).u64(embargoUntilMillis).u32(maxRequests).flag(purposeRequired)
            .u8(approvals).u8(approvers.size());
        approvers.forEach(approver -> approver.encode(out));
    }

    /** Reads them; the reader fails if they are none. */
    public static Rules decode(final WireReader in) {
        final long notBefore = in.u64();
        final long notAfter = in.u64();
        final long embargo = in.u64();
        final int max = in.u32();
        final boolean purpose = in.flag();
        final int approvals = in.u8();
        final int count = in.u8();
        in.require(count <= MAX_APPROVERS);
        final List<Identity> approvers = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            approvers.add(Identity.decode(in));
        }
        final Rules rules = new Rules(notBefore, notAfter, embargo, max, purpose, approvals, approvers);
        in.require(rules.wellFormed());
        return rules;
    }
}
