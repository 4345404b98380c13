package org.ztp.client;

import java.util.Optional;
import org.ztp.client.ServiceRequest.Fault;
import org.ztp.client.ServiceRequest.Log;
import org.ztp.client.ServiceRequest.ReceiptOf;
import org.ztp.client.ServiceRequest.Release;
import org.ztp.client.ServiceRequest.ReleaseSingly;
import org.ztp.client.ServiceRequest.RequestState;
import org.ztp.client.ServiceRequest.Status;
import org.ztp.client.ServiceRequest.Submit;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** Requests as bytes: one byte for the kind, then the fields in their order. Each request has exactly one encoding. */
public final class RequestCodec {
    private static final int SUBMIT = 1;
    private static final int STATUS = 2;
    private static final int REQUEST_STATE = 3;
    private static final int RELEASE = 4;
    private static final int RECEIPT_OF = 5;
    private static final int LOG = 6;
    private static final int FAULT = 7;
    private static final int RELEASE_SINGLY = 8;

    private RequestCodec() {
    }

    /** The bytes of a request. */
    public static byte[] encode(final ServiceRequest request) {
        if (request instanceof Submit submit) {
            final byte[] bytes = new byte[1 + submit.bundle().length];
            bytes[0] = SUBMIT;
            System.arraycopy(submit.bundle(), 0, bytes, 1, submit.bundle().length);
            return bytes;
        }
        final WireWriter out = new WireWriter();
        if (request instanceof Status) {
            out.u8(STATUS);
        } else if (request instanceof RequestState state) {
            state.request().encode(out.u8(REQUEST_STATE));
        } else if (request instanceof Release release) {
            release.request().encode(out.u8(RELEASE));
            Replicas.encode(out, release.without());
        } else if (request instanceof ReleaseSingly release) {
            release.request().encode(out.u8(RELEASE_SINGLY));
            release.part().encode(out);
            Replicas.encode(out, release.without());
        } else if (request instanceof ReceiptOf receipt) {
            receipt.transaction().encode(out.u8(RECEIPT_OF));
        } else if (request instanceof Log log) {
            out.u8(LOG).flag(log.dataset().isPresent());
            log.dataset().ifPresent(out::hash);
            log.since().encode(out.flag(log.decisions()).text(log.entity()));
            out.u32(log.maxEntries());
        } else if (request instanceof Fault fault) {
            out.u8(FAULT).u16(fault.replica()).u8(fault.harm().ordinal());
        }
        return out.toBytes();
    }

    /** The request that the bytes are; empty if they are none. */
    public static Optional<ServiceRequest> decode(final byte[] bytes) {
        final WireReader in = new WireReader(bytes);
        final ServiceRequest request = switch (in.u8()) {
            case SUBMIT -> new Submit(in.raw(in.remaining()));
            case STATUS -> new Status();
            case REQUEST_STATE -> new RequestState(TransactionId.decode(in));
            case RELEASE -> new Release(TransactionId.decode(in), Replicas.decode(in));
            case RELEASE_SINGLY -> new ReleaseSingly(TransactionId.decode(in), ChunkRange.decode(in), Replicas.decode(in));
            case RECEIPT_OF -> new ReceiptOf(TransactionId.decode(in));
            case LOG -> log(in);
            case FAULT -> new Fault(in.u16(), WireEnum.decode(in, Fault.Harm.values()));
            default -> {
                in.fail();
                yield new Status();
            }
        };
        return in.finished() ? Optional.of(request) : Optional.empty();
    }

    private static Log log(final WireReader in) {
        final Optional<Hash> dataset = in.flag() ? Optional.of(in.hash()) : Optional.empty();
        final Log log = new Log(dataset, in.flag(), in.text(ServiceRequest.MAX_ENTITY_BYTES), LogPlace.decode(in),
            in.count(ServiceRequest.MAX_LOG_ENTRIES));
        in.require(log.maxEntries() > 0);
        return log;
    }
}
