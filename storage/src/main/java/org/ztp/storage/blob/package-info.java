/**
 * Content-addressed files on a directory that several processes share; {@code storage/docs/FORMAT.md} has the names.
 *
 * <p>A blob is named by the SHA-256 of its bytes, so writing it twice is harmless, nobody needs to lock anything, and a
 * reader trusts nothing but the name.
 */
package org.ztp.storage.blob;
