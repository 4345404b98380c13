package org.ztp.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.ztp.contract.transaction.Request;
import org.ztp.crypto.Hpke;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.VerifyKey;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.Domain;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A request that is not served yet, with its fresh key, in a file beside the output: to ask costs a use, so the same
 * command, run again after whatever happened, goes on with it. Its name on the ledger is known before it is handed in,
 * and the file is on disk before that too; handing in the same bundle again takes effect once.
 *
 * <p>Whoever was a seeker of the same chunks once needs nothing but the fresh key to read what is released for it. So it
 * is sealed to the seeker's own key, and the seeker signs the whole: nobody else can read it there, or have the seeker
 * ask with a fresh key of theirs, whoever may write in the directory.
 *
 * <pre>
 *   | seeker's key 32 | submission 16 | fresh private key, sealed 80 | signature 64 | REQUEST transaction ... |
 *   sealed    = HPKE(seeker's key, info = named)
 *   signature = Ed25519(named, sealed)
 *   named     = tag "ztp-unserved-v1" 16, seeker's key, submission, REQUEST transaction
 * </pre>
 */
final class UnservedRequest implements AutoCloseable {
    private static final int SEALED_BYTES = X25519PrivateKey.BYTES + Hpke.OVERHEAD_BYTES;
    private static final int HEAD_BYTES = Hash.BYTES + Bundle.SUBMISSION_BYTES + SEALED_BYTES + VerifyKey.SIGNATURE_BYTES;
    private static final int MAX_BYTES = 4_096;
    private static final byte[] NO_DATA = {};

    private final Path file;
    private final RequestFile held;
    private final byte[] submission;
    private final X25519PrivateKey fresh;
    private final Request request;

    private UnservedRequest(final Path file, final RequestFile held, final byte[] submission, final byte[] secret,
                            final Request request) {
        this.file = file;
        this.held = held;
        this.submission = submission;
        this.request = request;
        fresh = X25519PrivateKey.of(secret);
    }

    /** Where the request for an output is kept. */
    static Path beside(final Path out) {
        final Path place = out.toAbsolutePath();
        return place.resolveSibling("." + place.getFileName() + ".request");
    }

    /**
     * The one in a file, if this seeker put it there for the same dataset, chunks and purpose. Another command that
     * goes on with it ends this one.
     *
     * @param wanted what is asked for; its fresh key and job do not matter
     * @throws IOException if it cannot be read
     */
    static Optional<UnservedRequest> left(final Path file, final SigningKey seeker, final Request wanted)
            throws IOException {
        final Optional<RequestFile> held = RequestFile.take(file);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        Optional<UnservedRequest> left = Optional.empty();
        try {
            left = left(file, held.get(), seeker, wanted);
        } finally {
            if (left.isEmpty()) {
                held.get().close();
            }
        }
        return left;
    }

    private static Optional<UnservedRequest> left(final Path file, final RequestFile held, final SigningKey seeker,
                                                  final Request wanted) throws IOException {
        final byte[] bytes = held.read(MAX_BYTES + 1);
        final WireReader in = new WireReader(bytes, 0, Math.min(bytes.length, HEAD_BYTES));
        final Hash owner = in.hash();
        final byte[] submission = in.raw(Bundle.SUBMISSION_BYTES);
        final byte[] sealed = in.raw(SEALED_BYTES);
        final byte[] signature = in.raw(VerifyKey.SIGNATURE_BYTES);
        if (!in.finished() || bytes.length > MAX_BYTES || !owner.equals(keyOf(seeker))) {
            return Optional.empty();
        }
        return Request.parse(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES).filter(kept -> kept.dataset()
                .equals(wanted.dataset()) && kept.chunks().equals(wanted.chunks())
                && kept.purpose().equals(wanted.purpose()))
            .filter(kept -> seeker.verifyKey().verify(signature, signed(named(seeker, submission, kept), sealed)))
            .flatMap(kept -> open(seeker, named(seeker, submission, kept), sealed)
                .map(secret -> taken(file, held, submission, secret, kept)))
            .filter(UnservedRequest::isWhole);
    }

    private static UnservedRequest taken(final Path file, final RequestFile held, final byte[] submission,
                                         final byte[] secret, final Request request) {
        try {
            return new UnservedRequest(file, held, submission, secret, request);
        } finally {
            Secrets.zero(secret);
        }
    }

    private static Hash keyOf(final SigningKey seeker) {
        return Hash.of(seeker.verifyKey().bytes());
    }

    private static byte[] named(final SigningKey seeker, final byte[] submission, final Request request) {
        return new WireWriter().raw(Domain.UNSERVED.tag()).hash(keyOf(seeker)).raw(submission).raw(request.encode())
            .toBytes();
    }

    private static byte[] signed(final byte[] named, final byte[] sealed) {
        return new WireWriter().raw(named).raw(sealed).toBytes();
    }

    private static Optional<byte[]> open(final SigningKey seeker, final byte[] named, final byte[] sealed) {
        try (X25519PrivateKey key = seeker.toX25519()) {
            return Hpke.open(key, named, NO_DATA, sealed);
        }
    }

    /**
     * A new one, in a file in the place of any other, which no command goes on with. One that does ends this one.
     *
     * @param wanted what is asked for, whatever its fresh key
     * @throws IOException if it cannot be written
     */
    static UnservedRequest begin(final Path file, final SigningKey seeker, final Request wanted,
                                 final Randomness randomness) throws IOException {
        final byte[] submission = randomness.bytes(Bundle.SUBMISSION_BYTES);
        final byte[] secret = randomness.bytes(X25519PrivateKey.BYTES);
        try {
            final Request request;
            try (X25519PrivateKey fresh = X25519PrivateKey.of(secret)) {
                request = new Request(wanted.dataset(), wanted.chunks(), wanted.purpose(),
                    Hash.of(fresh.publicKey().bytes()), wanted.job());
            }
            final byte[] named = named(seeker, submission, request);
            final byte[] sealed = Hpke.seal(seeker.verifyKey().toX25519(), named, NO_DATA, secret, randomness);
            final RequestFile held = RequestFile.make(file, new WireWriter(MAX_BYTES).hash(keyOf(seeker))
                .raw(submission).raw(sealed).raw(seeker.sign(signed(named, sealed))).raw(request.encode()).toBytes());
            return new UnservedRequest(file, held, submission, secret, request);
        } finally {
            Secrets.zero(secret);
        }
    }

    private boolean isWhole() {
        return Arrays.equals(fresh.publicKey().bytes(), request.freshKey().toBytes());
    }

    /** The same bundle each time. */
    Bundle seal(final Ledger ledger, final SigningKey seeker) {
        return ledger.seal(seeker, submission, request.encode());
    }

    /** The fresh key; open as long as this. */
    X25519PrivateKey fresh() {
        return fresh;
    }

    /** Where it is kept. */
    Path file() {
        return file;
    }

    /** Keeps it no longer: it was served, or never will be. */
    void forget() throws IOException {
        held.delete();
    }

    @Override
    public void close() throws IOException {
        fresh.close();
        held.close();
    }
}
