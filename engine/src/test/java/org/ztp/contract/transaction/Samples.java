package org.ztp.contract.transaction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Contract;
import org.ztp.contract.Parties;
import org.ztp.wire.Hash;

/** Transactions whose sealed parts hold nothing: the ledger never looks into them. */
public final class Samples {
    public static final int REPLICAS = 4;

    private Samples() {
    }

    /** A dataset of as many chunks as the contract has, the last one of a single byte. */
    public static Publish publish(final String nonce, final Contract contract) {
        final int chunks = contract.chunks();
        return new Publish(Parties.key(nonce), new Dataset("data " + nonce, 4096L * (chunks - 1) + 1, 4096, chunks),
            filled(80, 1), filled(chunks * 32, 2), filled(chunks * 32, 3), boxes(REPLICAS, 4), contract,
            parts(contract));
    }

    /** The parts of all seekers of a contract. */
    public static List<SeekerPart> parts(final Contract contract) {
        final List<SeekerPart> parts = new ArrayList<>();
        for (final Map.Entry<Hash, List<ChunkRange>> seeker : contract.rangesBySeeker().entrySet()) {
            parts.add(new SeekerPart(seeker.getKey(), seeker.getValue(), boxes(REPLICAS, 5), filled(7, 6)));
        }
        return parts;
    }

    /** The parts of these seekers. */
    public static List<SeekerPart> parts(final Contract contract, final String... seekers) {
        final List<Hash> keys = Arrays.stream(seekers).map(Parties::key).toList();
        return parts(contract).stream().filter(part -> keys.contains(part.seeker())).toList();
    }

    public static ReplicaBoxes boxes(final int replicas, final int fill) {
        final List<byte[]> boxes = new ArrayList<>();
        for (int i = 0; i < replicas; i++) {
            boxes.add(filled(9 + i, fill));
        }
        return new ReplicaBoxes(filled(replicas * 32, fill), boxes);
    }

    private static byte[] filled(final int bytes, final int value) {
        final byte[] array = new byte[bytes];
        Arrays.fill(array, (byte) value);
        return array;
    }
}
