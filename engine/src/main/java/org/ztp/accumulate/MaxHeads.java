package org.ztp.accumulate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * The highest head of each sub-cluster, in strictly ascending order of sub-clusters: what an epoch is made of. Of two
 * heads of one height the one with the greater hash stays. Encoded as a 32-bit count and, for each head, 16 bits of
 * sub-cluster, 64 bits of height and the hash.
 *
 * @param subClusters how many there are: heads are of the sub-clusters 0 .. subClusters - 1
 */
public record MaxHeads(int subClusters) implements Monoid<List<Head>> {
    private static final Comparator<Head> ORDER = Comparator.comparingLong(Head::height).thenComparing(Head::hash);

    /** Checks the number of sub-clusters, 1 .. 65536. */
    public MaxHeads {
        if (subClusters < 1 || subClusters > Head.MAX_SUB_CLUSTER + 1) {
            throw new IllegalArgumentException(
                    "sub-clusters: actual=" + subClusters + " allowed=1.." + (Head.MAX_SUB_CLUSTER + 1));
        }
    }

    @Override
    public List<Head> identity() {
        return List.of();
    }

    @Override
    public boolean accepts(List<Head> value) {
        int last = -1;
        for (Head head : value) {
            if (head.subCluster() <= last || head.subCluster() >= subClusters) {
                return false;
            }
            last = head.subCluster();
        }
        return true;
    }

    @Override
    public List<Head> combine(List<Head> left, List<Head> right) {
        List<Head> heads = new ArrayList<>(Math.max(left.size(), right.size()));
        int l = 0;
        int r = 0;
        while (l < left.size() && r < right.size()) {
            Head a = left.get(l);
            Head b = right.get(r);
            heads.add(a.subCluster() < b.subCluster() || a.subCluster() == b.subCluster() && ORDER.compare(a, b) >= 0
                    ? a : b);
            l += a.subCluster() <= b.subCluster() ? 1 : 0;
            r += b.subCluster() <= a.subCluster() ? 1 : 0;
        }
        heads.addAll(left.subList(l, left.size()));
        heads.addAll(right.subList(r, right.size()));
        return List.copyOf(heads);
    }

    @Override
    public void encode(List<Head> value, WireWriter out) {
        out.u32(value.size());
        for (Head head : value) {
            out.u16(head.subCluster()).u64(head.height()).hash(head.hash());
        }
    }

    @Override
    public List<Head> decode(WireReader in) {
        int count = in.count(subClusters);
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            heads.add(new Head(in.u16(), in.u64(), in.hash()));
        }
        in.require(accepts(heads));
        return List.copyOf(heads);
    }
}
