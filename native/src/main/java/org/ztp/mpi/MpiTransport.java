package org.ztp.mpi;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Optional;
import org.ztp.transport.Parcel;
import org.ztp.transport.ParcelCodec;
import org.ztp.transport.PeerState;
import org.ztp.transport.RankTransport;
import org.ztp.transport.TransportException;
import org.ztp.transport.TransportSetting;
import org.ztp.wire.WireWriter;

/** Parcels between the ranks of an MPI job. Any thread may call. */
final class MpiTransport implements RankTransport {
    private static final int KEPT_BYTES = 1 << 20;

    private final ThreadLocal<Encoder> encoder = ThreadLocal.withInitial(Encoder::new);
    private final int maxParcel;
    private final MpiLoop loop;
    private volatile Receiver receiver = (from, parcel) -> false;

    /** Encodes for one thread; what it sends to several peers in a row is encoded once. */
    private static final class Encoder {
        private WireWriter out = new WireWriter();
        private Parcel parcel;
        private WeakReference<byte[]> encoded = new WeakReference<>(null);

        byte[] encode(final Parcel next) {
            final byte[] known = next == parcel ? encoded.get() : null;
            if (known != null) {
                return known;
            }
            ParcelCodec.encode(next, out.clear());
            final byte[] bytes = out.toBytes();
            if (bytes.length > KEPT_BYTES) {
                out = new WireWriter();
            }
            parcel = bytes.length > KEPT_BYTES ? null : next;
            encoded = new WeakReference<>(bytes);
            return bytes;
        }
    }

    MpiTransport(final TransportSetting setting) throws TransportException {
        maxParcel = setting.parcelBytes();
        loop = MpiLoop.start(setting, this::onBytes, comm -> { });
    }

    private boolean onBytes(final int from, final byte[] bytes, final int offset, final int length) {
        final Optional<Parcel> parcel = ParcelCodec.decode(bytes, offset, length);
        return parcel.isPresent() && receiver.onParcel(from, parcel.get());
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
    public void receive(final Receiver taker) {
        receiver = taker;
    }

    @Override
    public boolean send(final int to, final Parcel parcel) {
        final byte[] bytes = encoder.get().encode(parcel);
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
