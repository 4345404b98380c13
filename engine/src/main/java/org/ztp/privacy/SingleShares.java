package org.ztp.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.contract.transaction.Evidence.About;
import org.ztp.contract.transaction.SignedOpening;
import org.ztp.crypto.Hpke;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.ledger.Certificate;
import org.ztp.merkle.MerkleTree;
import org.ztp.merkle.TreeHasher;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * Shares that one replica sends singly, sealed to the seeker's fresh key and signed, so that a wrong one can be shown
 * to everybody. {@link #close()} overwrites them.
 *
 * <pre>
 *   sealed (HPKE, 48 bytes more) = u32 openings | each: u16 size, opening | signature 64, of the chunks
 *                                  | signature 64, of the opener
 * </pre>
 *
 * <p>The last opening is the opener's; the others are the chunks' in their order.
 */
public final class SingleShares implements AutoCloseable {
    private static final byte[] NO_DATA = new byte[0];

    private final List<byte[]> chunks;
    private final byte[] opener;
    private final byte[] chunksSignature;
    private final byte[] openerSignature;

    private SingleShares(final List<byte[]> chunks, final byte[] opener, final byte[] chunksSignature,
                         final byte[] openerSignature) {
        this.chunks = chunks;
        this.opener = opener;
        this.chunksSignature = chunksSignature;
        this.openerSignature = openerSignature;
    }

    /**
     * The replica's side.
     *
     * @param name the release
     * @param replica the replica's place in the sub-cluster
     * @param node its signing key
     * @param openings what {@link ReplicaShares#openings} gave; they are closed
     * @param seeker the fresh key of the request
     */
    public static byte[] seal(final ReleaseName name, final int replica, final SigningKey node,
                              final List<ShareOpening> openings, final X25519PublicKey seeker,
                              final Randomness randomness) {
        final List<byte[]> encoded = openings.stream().map(ShareOpening::encode).toList();
        openings.forEach(ShareOpening::close);
        final List<byte[]> chunks = encoded.subList(0, encoded.size() - 1);
        final List<byte[]> opener = encoded.subList(encoded.size() - 1, encoded.size());
        final WireWriter out = new WireWriter(plainBytes(encoded)).u32(encoded.size());
        encoded.forEach(opening -> out.u16(opening.length).raw(opening));
        out.raw(node.sign(name.signed(replica, About.CHUNK, chunks.size(), tree(chunks).root())));
        out.raw(node.sign(name.signed(replica, About.OPENER, 1, tree(opener).root())));
        final byte[] plain = out.finish();
        try {
            return Hpke.seal(seeker, name.sealInfo(replica), NO_DATA, plain, randomness);
        } finally {
            encoded.forEach(Secrets::zero);
            Secrets.zero(plain);
        }
    }

    /** What is sealed, to the byte: a writer that grows, or copies, would leave shares behind. */
    private static int plainBytes(final List<byte[]> openings) {
        return Integer.BYTES + openings.stream().mapToInt(opening -> Short.BYTES + opening.length).sum()
            + 2 * Certificate.Signature.BYTES;
    }

    /**
     * The seeker's side.
     *
     * @param fresh the private key of the request
     * @param node the replica's verification key
     * @param count number of chunks asked for
     * @return empty when the message was not made by this replica for this release: nothing is shown by it
     */
    public static Optional<SingleShares> open(final ReleaseName name, final int replica, final X25519PrivateKey fresh,
                                              final VerifyKey node, final int count, final byte[] sealed) {
        return Hpke.open(fresh, name.sealInfo(replica), NO_DATA, sealed).flatMap(plain -> {
            final Optional<SingleShares> decoded = decode(plain, count);
            Secrets.zero(plain);
            return decoded.filter(shares -> shares.isSigned(name, replica, node));
        });
    }

    private static Optional<SingleShares> decode(final byte[] plain, final int count) {
        final WireReader in = new WireReader(plain);
        in.require(in.u32() == count + 1);
        final List<byte[]> openings = new ArrayList<>();
        for (int i = 0; i <= count && !in.failed(); i++) {
            final int size = in.u16();
            in.require(size <= SignedOpening.MAX_OPENING_BYTES);
            openings.add(in.raw(size));
        }
        final byte[] chunks = in.raw(VerifyKey.SIGNATURE_BYTES);
        final byte[] opener = in.raw(VerifyKey.SIGNATURE_BYTES);
        return in.finished()
            ? Optional.of(new SingleShares(openings.subList(0, count), openings.get(count), chunks, opener))
            : Optional.empty();
    }

    private boolean isSigned(final ReleaseName name, final int replica, final VerifyKey node) {
        return node.verify(chunksSignature,
                name.signed(replica, About.CHUNK, chunks.size(), tree(chunks).root()))
            && node.verify(openerSignature, name.signed(replica, About.OPENER, 1, tree(List.of(opener)).root()));
    }

    /** The bytes of the openings about chunks, or of the one about the opener; not to be changed. */
    List<byte[]> openings(final About about) {
        return about == About.CHUNK ? chunks : List.of(opener);
    }

    /** The signature over them. */
    byte[] signature(final About about) {
        return about == About.CHUNK ? chunksSignature : openerSignature;
    }

    /** The tree over openings, whose root is signed. */
    static MerkleTree tree(final List<byte[]> openings) {
        final TreeHasher hasher = new TreeHasher();
        final byte[] leaves = new byte[openings.size() * Hash.BYTES];
        for (int i = 0; i < openings.size(); i++) {
            hasher.leaf(openings.get(i), 0, openings.get(i).length, leaves, i * Hash.BYTES);
        }
        return MerkleTree.of(hasher, leaves, 0, openings.size());
    }

    /** Names the number of shares only. */
    @Override
    public String toString() {
        return "SingleShares[chunks=" + chunks.size() + "]";
    }

    @Override
    public void close() {
        chunks.forEach(Secrets::zero);
        Secrets.zero(opener);
    }
}
