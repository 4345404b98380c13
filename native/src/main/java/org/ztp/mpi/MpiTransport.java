package org.ztp.mpi;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import org.ztp.mpi.MpiLoop.Taken;
import org.ztp.transport.Parcel;
import org.ztp.transport.ParcelCodec;
import org.ztp.transport.PeerState;
import org.ztp.transport.RankTransport;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportSetting;
import org.ztp.transport.Voice;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** Parcels between the ranks of an MPI job. Any thread may call. */
final class MpiTransport implements RankTransport {
    private static final int KEPT_BYTES = 1 << 20;
    private static final int SMALL_BYTES = 4 << 10;
    /**
     * A thread remembers what it encoded last, and its parcel, up to this size: a batch by the default configuration.
     */
    private static final int REMEMBERED_BYTES = 2 << 20;

    private final ThreadLocal<Encoder> encoder = ThreadLocal.withInitial(Encoder::new);
    private final int maxParcel;
    private final MpiLoop loop;
    private volatile Receiver receiver = (rank, voice, parcel) -> false;

    /** Encodes for one thread; what it sends to several peers in a row is encoded once. */
    private static final class Encoder {
        private WireWriter out = new WireWriter();
        private Parcel parcel;
        private Voice voice;
        private WeakReference<byte[]> encoded = new WeakReference<>(null);

        byte[] encode(final Voice speaker, final Parcel next) {
            final byte[] known = next == parcel && speaker == voice ? encoded.get() : null;
            if (known != null) {
                return known;
            }
            final byte[] bytes = bytes(speaker, next);
            parcel = bytes.length > REMEMBERED_BYTES ? null : next;
            voice = speaker;
            encoded = new WeakReference<>(bytes);
            return bytes;
        }

        /** A batch is written where it stays; what is small goes through a buffer that is used again. */
        private byte[] bytes(final Voice speaker, final Parcel next) {
            final int room = Voice.BYTES + ParcelCodec.room(next);
            final WireWriter to = room > SMALL_BYTES ? new WireWriter(room) : out.clear();
            speaker.encode(to);
            ParcelCodec.encode(next, to);
            final byte[] bytes = to == out ? to.toBytes() : to.finish();
            if (out.array().length > KEPT_BYTES) {
                out = new WireWriter();
            }
            return bytes;
        }
    }

    MpiTransport(final TransportSetting setting) throws TransportException {
        maxParcel = setting.parcelBytes();
        loop = MpiLoop.start(setting, this.new Decoder(), comm -> { });
    }

    /** Bytes become parcels, on the transport's thread. */
    private final class Decoder implements MpiLoop.ByteReceiver {
        @Override
        public boolean onBytes(final int from, final byte[] bytes, final int offset, final int length) {
            return take(from, bytes, offset, length, false) != Taken.REFUSED;
        }

        /** A batch keeps the array that it came in, unless most of that is something else. */
        @Override
        public Taken onArray(final int from, final byte[] bytes, final int length) {
            return take(from, bytes, 0, length, length >= bytes.length / 2);
        }

        private Taken take(final int from, final byte[] bytes, final int offset, final int length, final boolean given) {
            final WireReader in = new WireReader(bytes, offset, length);
            final Voice voice = Voice.decode(in);
            final Optional<Parcel> parcel = in.failed() ? Optional.empty()
                : ParcelCodec.decode(bytes, offset + Voice.BYTES, length - Voice.BYTES, given);
            if (parcel.isEmpty() || !receiver.onParcel(from, voice, parcel.get())) {
                return Taken.REFUSED;
            }
            return given ? Taken.KEPT : Taken.READ;
        }
    }

    @Override
    public int rank() {
        return loop.rank();
    }

    @Override
    public int size() {
        return loop.size();
    }

    @Override
    public long run() {
        return loop.run();
    }

    @Override
    public void receive(final Receiver taker) {
        receiver = taker;
    }

    @Override
    public boolean send(final int to, final Voice voice, final Parcel parcel) {
        final byte[] bytes = encoder.get().encode(voice, parcel);
        return bytes.length <= maxParcel && loop.offer(to, bytes);
    }

    @Override
    public List<PeerState> peers() {
        return loop.peers();
    }

    @Override
    public boolean close(final long waitNs) {
        return loop.close(waitNs);
    }
}
