package org.ztp.privacy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.ztp.privacy.SharingException.Kind;
import org.ztp.storage.StorageException;

/** Tells a full disk, and a place that is not the user's, from other failures of writing; the JDK hands on nothing of it but the text. */
final class WriteFailure {
    private WriteFailure() {
    }

    static SharingException of(final String what, final StorageException failed) {
        final boolean full = failed.kind() == StorageException.Kind.NO_SPACE;
        return make(full, what, failed);
    }

    static SharingException of(final String what, final IOException failed) {
        if (failed instanceof AccessDeniedException) {
            return new SharingException(Kind.BAD_INPUT, what + " cannot be written: no permission",
                "choose another place, or ask whose directory it is", failed);
        }
        final String text = String.valueOf(failed.getMessage());
        final boolean full = text.contains("No space left on device") || text.contains("quota exceeded");
        return make(full, what, failed);
    }

    private static SharingException make(final boolean full, final String what, final Exception failed) {
        return new SharingException(full ? Kind.NO_SPACE : Kind.IO, what + " cannot be written: " + failed.getMessage(),
            full ? "make room there; nothing was left behind" : "check the directory and its file system", failed);
    }
}
