package org.ztp.audit;

/**
 * One thing that a verification has to say.
 *
 * @param level how bad it is
 * @param file relative to the cluster's directory, {@code /} between its parts; empty for the directory itself
 * @param offset byte of the file at which it starts, 0 when it concerns the whole file
 * @param height of the block that it is about, or {@link #NO_HEIGHT}
 * @param subject the dataset and chunk that it is about, or empty
 * @param reason one line for a person
 */
public record Finding(Level level, String file, long offset, long height, String subject, String reason) {
    /** As a height: it is about none, or it is not known. */
    public static final long NO_HEIGHT = -1;

    /** How bad a finding is. */
    public enum Level {
        /** The ledger is not what was written, or a part of it is missing: the verification has failed. */
        FAULT,
        /** Worth knowing; the verification has not failed. */
        NOTE
    }

    @Override
    public String toString() {
        return (file.isEmpty() ? "." : file) + " offset=" + offset + (height < 0 ? "" : " height=" + height)
            + (subject.isEmpty() ? "" : " " + subject) + ": " + reason;
    }
}
