package org.ztp.storage;

/**
 * What an acknowledged write survives. The order of the constants is the order of their strength.
 */
public enum Durability {
    /** Nothing: the bytes may still be in this process's memory, and are written lazily. */
    MEMORY,
    /** The death of this process: {@code write()} has handed the bytes to the kernel. */
    OS,
    /** The loss of power: {@code fdatasync()} has returned. */
    DISK
}
