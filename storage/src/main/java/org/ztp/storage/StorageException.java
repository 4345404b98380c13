package org.ztp.storage;

import java.io.IOException;

/**
 * The environment failed a store: the disk is full, a call failed, or the bytes are not what was written.
 *
 * <p>The message names the file and both sides of a mismatch.
 */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a store failed. */
    public enum Kind {
        /** No space or no quota is left on the device (ENOSPC, EDQUOT). */
        NO_SPACE,
        /** A call to the operating system failed otherwise. */
        IO,
        /** The bytes are there, but they are not those of this store. */
        CORRUPT
    }

    private final Kind kind;

    /**
     * A failure without an underlying exception.
     *
     * @param kind    why
     * @param message what was done to which file
     */
    public StorageException(final Kind kind, final String message) {
        super(message);
        this.kind = kind;
    }

    /**
     * A failure with its cause.
     *
     * @param kind    why
     * @param message what was done to which file
     * @param cause   what the platform reported
     */
    public StorageException(final Kind kind, final String message, final Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /**
     * Classifies a platform exception by its text, the only thing that the JDK hands on of {@code errno}.
     *
     * @param message what was done to which file
     * @param cause   what the platform reported
     * @return of kind {@link Kind#NO_SPACE} or {@link Kind#IO}
     */
    public static StorageException of(final String message, final IOException cause) {
        final String text = String.valueOf(cause.getMessage());
        final boolean full = text.contains("No space left on device") || text.contains("quota exceeded");
        return new StorageException(full ? Kind.NO_SPACE : Kind.IO, message + ": " + cause, cause);
    }

    /**
     * Why the store failed.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }
}
