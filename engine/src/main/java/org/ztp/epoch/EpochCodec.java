package org.ztp.epoch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Ask;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.epoch.EpochMessage.Word;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** Messages as bytes: one byte of kind, then the fields. Any bytes may be decoded; each message has one encoding. */
public final class EpochCodec {
    private static final int ASK = 1;
    private static final int ANSWER = 2;
    private static final int MADE = 3;

    private EpochCodec() {
    }

    /** Appends a message. */
    public static void encode(final EpochMessage message, final WireWriter out) {
        if (message instanceof Ask ask) {
            out.u8(ASK).u64(ask.round()).u16(ask.heights().size());
            ask.heights().forEach(out::u64);
        } else if (message instanceof Answer answer) {
            out.u8(ANSWER).u64(answer.round()).u64(answer.newest()).u16(answer.words().size());
            for (final Word word : answer.words()) {
                out.u16(word.subCluster()).flag(word.stalled()).flag(word.newer().isPresent());
                word.newer().ifPresent(certificate -> certificate.encode(out));
            }
        } else if (message instanceof Made made) {
            out.u8(MADE).u16(made.heads().size());
            made.heads().forEach(head -> head.encode(out));
        }
    }

    /** Reads one message; empty if the bytes are none. */
    public static Optional<EpochMessage> decode(final byte[] bytes, final int offset, final int length) {
        final WireReader in = new WireReader(bytes, offset, length);
        final EpochMessage message = switch (in.u8()) {
            case ASK -> new Ask(in.u64(), heights(in));
            case ANSWER -> new Answer(in.u64(), in.u64(), words(in));
            case MADE -> new Made(heads(in));
            default -> null;
        };
        return in.finished() ? Optional.ofNullable(message) : Optional.empty();
    }

    private static int count(final WireReader in) {
        final int count = in.u16();
        in.require(count <= Epoch.MAX_SUB_CLUSTERS);
        return count;
    }

    private static List<Long> heights(final WireReader in) {
        final int count = count(in);
        final List<Long> heights = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            heights.add(in.u64());
        }
        return heights;
    }

    private static List<Word> words(final WireReader in) {
        final int count = count(in);
        final List<Word> words = new ArrayList<>();
        int last = -1;
        for (int i = 0; i < count && !in.failed(); i++) {
            final Word word = new Word(in.u16(), in.flag(),
                in.flag() ? Optional.of(Certificate.decode(in)) : Optional.empty());
            in.require(word.subCluster() > last && word.subCluster() < Epoch.MAX_SUB_CLUSTERS
                && word.newer().map(newer -> newer.phase() == Phase.COMMIT && newer.height() > 0).orElse(true));
            last = word.subCluster();
            words.add(word);
        }
        return words;
    }

    private static List<EpochHead> heads(final WireReader in) {
        final int count = count(in);
        final List<EpochHead> heads = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            heads.add(EpochHead.decode(in));
        }
        return heads;
    }
}
