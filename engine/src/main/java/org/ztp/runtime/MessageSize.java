package org.ztp.runtime;

import java.util.List;
import java.util.Optional;
import org.ztp.epoch.EpochMessage;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.epoch.EpochHead;

/** How long what peers say is, in bytes, as far as it can be long. */
final class MessageSize {
    private static final int VOTE_BYTES = 2 + Certificate.Signature.BYTES;

    private MessageSize() {
    }

    /** Of what is said about epochs. */
    static long of(final EpochMessage message) {
        if (message instanceof Made made) {
            return of(made.heads());
        }
        return message instanceof Answer answer ? answer.words().stream().map(EpochMessage.Word::newer)
            .flatMap(Optional::stream).mapToLong(MessageSize::of).sum() : 0;
    }

    private static long of(final List<EpochHead> heads) {
        return heads.stream().map(EpochHead::certificate).mapToLong(MessageSize::of).sum();
    }

    private static long of(final Certificate certificate) {
        return (long) certificate.votes().size() * VOTE_BYTES;
    }
}
