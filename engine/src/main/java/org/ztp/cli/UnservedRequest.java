package org.ztp.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.ztp.contract.transaction.Request;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.Randomness;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Bundle;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/**
 * A request that is not served yet, with its fresh key, in a file of its seeker's alone beside the output: to ask costs
 * a use, so the same command, run again after whatever happened, goes on with it. Its name on the ledger is known
 * before it is handed in, and the file is on disk before that too; handing in the same bundle again takes effect once.
 * The fresh key is not enough to read anything: that takes the seeker's own key, too.
 *
 * <pre>
 *   | seeker's key 32 | submission 16 | fresh private key 32 | REQUEST transaction ... |
 * </pre>
 */
final class UnservedRequest implements AutoCloseable {
    private static final int HEAD_BYTES = 2 * Hash.BYTES + Bundle.SUBMISSION_BYTES;
    private static final int MAX_BYTES = 4_096;

    private final Path file;
    private final byte[] submission;
    private final X25519PrivateKey fresh;
    private final Request request;

    private UnservedRequest(final Path file, final byte[] submission, final byte[] secret, final Request request) {
        this.file = file;
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
     * The one in a file, if it is this seeker's for the same dataset, chunks and purpose.
     *
     * @param wanted what is asked for; its fresh key and job do not matter
     * @throws IOException if it cannot be read
     * @throws CommandException if others may read it, too
     */
    static Optional<UnservedRequest> left(final Path file, final Hash seeker, final Request wanted) throws IOException {
        final byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            SshKeyFiles.requireOwnersOwn(file);
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (final NoSuchFileException none) {
            return Optional.empty();
        } catch (final KeyFormatException open) {
            throw new CommandException(Exit.USAGE, open.getMessage(), "remove it, if it is not yours");
        }
        final WireReader in = new WireReader(bytes, 0, Math.min(bytes.length, HEAD_BYTES));
        final Hash owner = in.hash();
        final byte[] submission = in.raw(Bundle.SUBMISSION_BYTES);
        final byte[] secret = in.raw(X25519PrivateKey.BYTES);
        try {
            if (!in.finished() || bytes.length > MAX_BYTES || !owner.equals(seeker)) {
                return Optional.empty();
            }
            return Request.parse(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES).filter(kept -> kept.dataset()
                    .equals(wanted.dataset()) && kept.chunks().equals(wanted.chunks())
                    && kept.purpose().equals(wanted.purpose()))
                .map(kept -> new UnservedRequest(file, submission, secret, kept)).filter(UnservedRequest::isWhole);
        } finally {
            Secrets.zero(secret);
            Secrets.zero(bytes);
        }
    }

    /**
     * A new one, in a file in the place of any other.
     *
     * @param wanted what is asked for, whatever its fresh key
     * @throws IOException if it cannot be written
     */
    static UnservedRequest begin(final Path file, final Hash seeker, final Request wanted, final Randomness randomness)
            throws IOException {
        final byte[] submission = randomness.bytes(Bundle.SUBMISSION_BYTES);
        final byte[] secret = randomness.bytes(X25519PrivateKey.BYTES);
        final Request request;
        try (X25519PrivateKey fresh = X25519PrivateKey.of(secret)) {
            request = new Request(wanted.dataset(), wanted.chunks(), wanted.purpose(),
                Hash.of(fresh.publicKey().bytes()), wanted.job());
        }
        final WireWriter content = new WireWriter(MAX_BYTES).hash(seeker).raw(submission).raw(secret)
            .raw(request.encode());
        final byte[] bytes = content.toBytes();
        try {
            Files.deleteIfExists(file);
            SshKeyFiles.writeOwnersOwn(file, bytes);
            return new UnservedRequest(file, submission, secret, request);
        } finally {
            Secrets.zero(secret);
            Secrets.zero(bytes);
            Secrets.zero(content.array());
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
        Files.deleteIfExists(file);
    }

    @Override
    public void close() {
        fresh.close();
    }
}
