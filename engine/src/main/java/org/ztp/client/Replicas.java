package org.ztp.client;

import java.util.ArrayList;
import java.util.List;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** Lists of the ids of replicas, or of sub-clusters, as bytes: a count (u32), then ascending ids (u16). */
final class Replicas {
    private Replicas() {
    }

    static void encode(final WireWriter out, final List<Integer> ids) {
        out.u32(ids.size());
        ids.forEach(out::u16);
    }

    static List<Integer> decode(final WireReader in) {
        final int count = in.count(in.remaining());
        final List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            ids.add(in.u16());
            in.require(i == 0 || ids.get(i) > ids.get(i - 1));
        }
        return ids;
    }
}
