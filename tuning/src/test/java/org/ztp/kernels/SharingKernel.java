package org.ztp.kernels;

import java.util.Random;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.ztp.accumulate.XorVector;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.SystemRandomness;
import org.ztp.privacy.ParticipantSet;
import org.ztp.privacy.SecretSharing;

/** Keys of 256 chunks: split among replicas, contributed, and accumulated. */
@State(Scope.Thread)
public class SharingKernel {
    private static final int BYTES = 256 * 32;

    /** Replicas of the sub-cluster. */
    @Param({"4", "16", "128"})
    public int replicas;
    private final Randomness randomness = new SystemRandomness();
    private final XorVector accumulation = new XorVector(BYTES);
    private SecretSharing sharing;
    private ParticipantSet participants;
    private byte[] secrets;
    private byte[][] shares;
    private byte[] sum;

    /** Random keys and their shares. */
    @Setup(Level.Trial)
    public void share() {
        sharing = SecretSharing.amongReplicas(replicas);
        participants = ParticipantSet.of(IntStream.range(0, sharing.threshold()).toArray());
        secrets = new byte[BYTES];
        sum = new byte[BYTES];
        new Random(2).nextBytes(secrets);
        shares = sharing.splitAll(secrets, randomness);
    }

    /** The owner's part. */
    @Benchmark
    public byte[][] split() {
        return sharing.splitAll(secrets, randomness);
    }

    /** One replica's part, without its mask. */
    @Benchmark
    public byte[] contribute() {
        sharing.contribution(0, participants, shares[0]);
        return shares[0];
    }

    /** One step of the tree. */
    @Benchmark
    public byte[] accumulate() {
        sum = accumulation.combine(sum, shares[1]);
        return sum;
    }

    /** Rejected: all shares go to one place and are joined there, so that this place could read the keys. */
    @Benchmark
    public byte[] rejectedJoinInOnePlace() {
        return sharing.join(participants, shares);
    }
}
