package org.ztp.transport;

import java.util.Optional;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.MessageCodec;
import org.ztp.epoch.EpochCodec;
import org.ztp.release.ReleaseCodec;
import org.ztp.wire.WireWriter;

/**
 * Parcels as bytes, for transports between processes: one byte tells whose message it is, the rest is that protocol's
 * own encoding. Any bytes may be decoded; each parcel has one encoding.
 *
 * <pre>
 *   u8 1 | message about the order of blocks, {@link MessageCodec}
 *   u8 2 | message about the release of keys, {@link ReleaseCodec}
 *   u8 3 | notice about who runs which replica, {@link RankNoticeCodec}
 *   u8 4 | message about epochs, {@link EpochCodec}
 *   u8 5 | what a client asked, or the answer, {@link RelayCodec}
 * </pre>
 */
public final class ParcelCodec {
    private static final int ORDERING = 1;
    private static final int RELEASING = 2;
    private static final int ANNOUNCING = 3;
    private static final int EPOCHS = 4;
    private static final int RELAYING = 5;
    private static final int SMALL = 256;

    private ParcelCodec() {
    }

    /** Appends a parcel. */
    public static void encode(final Parcel parcel, final WireWriter out) {
        if (parcel instanceof Parcel.Ordering ordering) {
            MessageCodec.encode(ordering.message(), out.u8(ORDERING));
        } else if (parcel instanceof Parcel.Releasing releasing) {
            ReleaseCodec.encode(releasing.message(), out.u8(RELEASING));
        } else if (parcel instanceof Parcel.Announcing announcing) {
            RankNoticeCodec.encode(announcing.notice(), out.u8(ANNOUNCING));
        } else if (parcel instanceof Parcel.Epochs epochs) {
            EpochCodec.encode(epochs.message(), out.u8(EPOCHS));
        } else if (parcel instanceof Parcel.Relaying relaying) {
            RelayCodec.encode(relaying.message(), out.u8(RELAYING));
        } else {
            throw new IllegalArgumentException("no encoding for " + parcel);
        }
    }

    /** Bytes of an encoded parcel where they are many and known before, or else a guess. */
    public static int room(final Parcel parcel) {
        return parcel instanceof Parcel.Ordering ordering && ordering.message() instanceof BatchHere here
            ? 1 + MessageCodec.size(here) : SMALL;
    }

    /** Reads one parcel; empty if the bytes are none. Nothing of it lies in the array. */
    public static Optional<Parcel> decode(final byte[] bytes, final int offset, final int length) {
        return decode(bytes, offset, length, false);
    }

    /**
     * Reads one parcel, as {@link #decode(byte[], int, int)}.
     *
     * @param given whether the array is the parcel's from now on: then a batch's bytes stay where they are
     */
    public static Optional<Parcel> decode(final byte[] bytes, final int offset, final int length, final boolean given) {
        if (length < 1) {
            return Optional.empty();
        }
        return switch (bytes[offset]) {
            case ORDERING -> MessageCodec.decode(bytes, offset + 1, length - 1, given).map(Parcel.Ordering::new);
            case RELEASING -> ReleaseCodec.decode(bytes, offset + 1, length - 1).map(Parcel.Releasing::new);
            case ANNOUNCING -> RankNoticeCodec.decode(bytes, offset + 1, length - 1).map(Parcel.Announcing::new);
            case EPOCHS -> EpochCodec.decode(bytes, offset + 1, length - 1).map(Parcel.Epochs::new);
            case RELAYING -> RelayCodec.decode(bytes, offset + 1, length - 1).map(Parcel.Relaying::new);
            default -> Optional.empty();
        };
    }
}
