package org.ztp.transport;

import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * In whose name a rank speaks; in front of each parcel between ranks.
 *
 * @param role the replica that it runs, or {@link Incarnation#NO_ROLE}
 * @param incarnation number of the role's incarnation, from 0
 */
public record Voice(int role, int incarnation) {
    /** Size of the encoding. */
    public static final int BYTES = 6;
    /** A rank without a role. */
    public static final Voice SPARE = new Voice(Incarnation.NO_ROLE, 0);

    /** Writes role u16, incarnation u32. */
    public void encode(final WireWriter out) {
        out.u16(role).u32(incarnation);
    }

    /** Reads one; the reader fails if it is none. */
    public static Voice decode(final WireReader in) {
        final Voice voice = new Voice(in.u16(), in.u32());
        in.require(voice.incarnation >= 0 && (voice.role != Incarnation.NO_ROLE || voice.incarnation == 0));
        return voice;
    }
}
