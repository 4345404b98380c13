package org.ztp.config;

/** What has to have happened to a replica's bytes before it votes on them. */
public enum Durability {
    /** They are in memory: a quorum that fails together loses them. */
    MEMORY,
    /** They were handed to the kernel: they survive the process. */
    OS,
    /** They are on disk (fsync): they survive the machine. */
    DISK,
    /**
     * They are on disk, and clients are told only when the archive has the block: it survives the loss of all nodes.
     */
    ARCHIVE
}
