package org.ztp.merkle;

import java.util.Arrays;
import java.util.HexFormat;

/** Leaves for the tests: the eight of the Certificate Transparency reference implementation, and counted ones. */
final class Hashes {
    static final String[] CT_LEAVES = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    };
    static final String[] CT_ROOTS = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };

    private Hashes() {
    }

    static byte[] ctLeafHashes() {
        byte[] hashes = new byte[CT_LEAVES.length * 32];
        TreeHasher hasher = new TreeHasher();
        for (int i = 0; i < CT_LEAVES.length; i++) {
            byte[] leaf = hex(CT_LEAVES[i]);
            hasher.leaf(leaf, 0, leaf.length, hashes, 32 * i);
        }
        return hashes;
    }

    static byte[] leafHashes(int count) {
        byte[] hashes = new byte[count * 32];
        TreeHasher hasher = new TreeHasher();
        for (int i = 0; i < count; i++) {
            hasher.leaf(new byte[] {(byte) i, (byte) (i >>> 8), (byte) (i >>> 16)}, 0, 3, hashes, 32 * i);
        }
        return hashes;
    }

    static byte[] at(byte[] hashes, int index) {
        return Arrays.copyOfRange(hashes, 32 * index, 32 * index + 32);
    }

    /** The definition of RFC 6962 section 2.1, word by word. */
    static byte[] rootByDefinition(TreeHasher hasher, byte[] hashes, int from, int to) {
        byte[] out = new byte[32];
        if (to == from) {
            hasher.empty(out, 0);
        } else if (to - from == 1) {
            System.arraycopy(hashes, 32 * from, out, 0, 32);
        } else {
            int split = from + Integer.highestOneBit(to - from - 1);
            hasher.node(rootByDefinition(hasher, hashes, from, split), 0,
                    rootByDefinition(hasher, hashes, split, to), 0, out, 0);
        }
        return out;
    }

    static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts));
    }
}
