/**
 * The port to the file system, its real and its simulated side, and the small things that every directory needs:
 * a single owner ({@link org.ztp.storage.disk.DirectoryLock}) and files that change as a whole
 * ({@link org.ztp.storage.disk.AtomicFile}).
 *
 * <p>A {@link org.ztp.storage.disk.Disk} promises what POSIX promises and no more: a write survives the loss of power
 * only after {@code force}, a name (created, renamed, deleted) only after {@code forceDirectory}, and of an unforced
 * write any subset of its 512-byte sectors may be there afterwards.
 */
package org.ztp.storage.disk;
