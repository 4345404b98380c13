package org.ztp.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.transport.RankNotice.Appointed;
import org.ztp.transport.RankNotice.Claim;
import org.ztp.transport.RankNotice.Presence;
import org.ztp.transport.RankNotice.Report;
import org.ztp.transport.RankNotice.Superseded;
import org.ztp.transport.RankNotice.Wanted;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Notices as bytes. Any bytes may be decoded; each notice has one encoding.
 *
 * <pre>
 *   u8 1 | flag, claim 80 | pid u64 | flag, report
 *   u8 2 | incarnation 16 | signature 64
 *   u8 3 | claim: incarnation 16, signature 64
 *   u8 4 | incarnation 16
 *
 *   report: text condition (16) | view u64 | leader u16 | height u64 | indexed u64 | epoch u64
 *           | mute flag | suspects u16 (1,024), each u16 | gap u64 | its end u64
 * </pre>
 */
final class RankNoticeCodec {
    private static final int MAX_CONDITION_BYTES = 16;

    private RankNoticeCodec() {
    }

    static void encode(final RankNotice notice, final WireWriter out) {
        if (notice instanceof Presence presence) {
            out.u8(1).flag(presence.claim().isPresent());
            presence.claim().ifPresent(claim -> encode(claim, out));
            out.u64(presence.pid()).flag(presence.report().isPresent());
            presence.report().ifPresent(report -> encode(report, out));
        } else if (notice instanceof Wanted wanted) {
            encode(new Claim(wanted.next(), wanted.signature()), out.u8(2));
        } else if (notice instanceof Superseded superseded) {
            encode(superseded.by(), out.u8(3));
        } else if (notice instanceof Appointed appointed) {
            appointed.next().encode(out.u8(4));
        }
    }

    private static void encode(final Claim claim, final WireWriter out) {
        claim.incarnation().encode(out);
        out.raw(claim.signature());
    }

    private static void encode(final Report report, final WireWriter out) {
        out.text(report.condition()).u64(report.view()).u16(report.leader()).u64(report.height())
            .u64(report.indexedHeight()).u64(report.epoch()).flag(report.mute()).u16(report.suspects().size());
        report.suspects().forEach(out::u16);
        out.u64(report.lastGapMillis()).u64(report.lastGapEndMillis());
    }

    static Optional<RankNotice> decode(final byte[] bytes, final int offset, final int length) {
        final WireReader in = new WireReader(bytes, offset, length);
        final RankNotice notice = switch (in.u8()) {
            case 1 -> new Presence(in.flag() ? Optional.of(claim(in)) : Optional.empty(), in.u64(),
                in.flag() ? Optional.of(report(in)) : Optional.empty());
            case 2 -> {
                final Claim signed = claim(in);
                yield new Wanted(signed.incarnation(), signed.signature());
            }
            case 3 -> new Superseded(claim(in));
            case 4 -> new Appointed(Incarnation.decode(in));
            default -> {
                in.fail();
                yield null;
            }
        };
        return in.finished() ? Optional.of(notice) : Optional.empty();
    }

    private static Claim claim(final WireReader in) {
        return new Claim(Incarnation.decode(in), in.raw(Word.SIGNATURE_BYTES));
    }

    private static Report report(final WireReader in) {
        final String condition = in.text(MAX_CONDITION_BYTES);
        final long view = in.u64();
        final int leader = in.u16();
        final long height = in.u64();
        final long indexed = in.u64();
        final long epoch = in.u64();
        final boolean mute = in.flag();
        final int count = in.u16();
        in.require(count <= Report.MAX_SUSPECTS);
        final List<Integer> suspects = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            suspects.add(in.u16());
        }
        return new Report(condition, view, leader, height, indexed, epoch, mute, suspects, in.u64(), in.u64());
    }
}
