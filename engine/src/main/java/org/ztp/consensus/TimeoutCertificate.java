package org.ztp.consensus;

import java.util.ArrayList;
import java.util.List;
import org.ztp.ledger.Certificate;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A quorum's word that a view is over: it lets everybody enter the next one.
 *
 * @param view the view that is over
 * @param votes time-outs of that view by a quorum, by ascending replica
 */
public record TimeoutCertificate(long view, List<TimeoutVote> votes) {
    /** Keeps the list as it is. */
    public TimeoutCertificate {
        votes = List.copyOf(votes);
    }

    /** Whether a certificate ranks at least as high as each lock told in here. */
    public boolean isReachedBy(final Certificate certificate) {
        for (final TimeoutVote vote : votes) {
            if (!vote.isReachedBy(certificate.view(), certificate.height())) {
                return false;
            }
        }
        return true;
    }

    /** Writes 8 + 2 bytes and 90 a vote. */
    public void encode(final WireWriter out) {
        out.u64(view).u16(votes.size());
        for (final TimeoutVote vote : votes) {
            vote.encode(out);
        }
    }

    /** Reads one; the reader fails if it is none. */
    public static TimeoutCertificate decode(final WireReader in) {
        final long view = in.u64();
        final int count = in.u16();
        in.require(count <= Certificate.MAX_VOTES && view > 0);
        final List<TimeoutVote> votes = new ArrayList<>();
        int previous = -1;
        for (int i = 0; i < count && !in.failed(); i++) {
            final TimeoutVote vote = TimeoutVote.decode(in);
            in.require(vote.replica() > previous && vote.view() == view);
            previous = vote.replica();
            votes.add(vote);
        }
        return new TimeoutCertificate(view, votes);
    }
}
