package org.ztp.ledger.receipt;

import java.util.ArrayList;
import java.util.List;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * That a block is final: its header, those of descendants up to one that was committed, and that one's certificate.
 *
 * @param headers by ascending height, each the child of the one before it, 1 to {@value #MAX_HEADERS}
 * @param certificate commit certificate of the last one
 */
public record Finality(List<BlockHeader> headers, Certificate certificate) {
    /** Most headers. */
    public static final int MAX_HEADERS = 1024;

    /** Keeps the list; refuses an empty one and one that is too long. */
    public Finality {
        headers = List.copyOf(headers);
        if (headers.isEmpty() || headers.size() > MAX_HEADERS) {
            throw new IllegalArgumentException("headers: expected=1.." + MAX_HEADERS + " actual=" + headers.size());
        }
    }

    /** The header that this is about. */
    public BlockHeader header() {
        return headers.get(0);
    }

    /** Writes the number of headers u16, the headers and the certificate. */
    public void encode(final WireWriter out) {
        out.u16(headers.size());
        headers.forEach(header -> header.encode(out));
        certificate.encode(out);
    }

    /** Reads one; the reader fails if it is none. */
    public static Finality decode(final WireReader in) {
        final int count = in.u16();
        in.require(count > 0 && count <= MAX_HEADERS);
        final List<BlockHeader> headers = new ArrayList<>();
        do {
            headers.add(BlockHeader.decode(in));
        } while (headers.size() < count && !in.failed());
        return new Finality(headers, Certificate.decode(in));
    }
}
