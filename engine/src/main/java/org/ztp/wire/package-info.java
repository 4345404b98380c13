/**
 * How values become bytes: a little-endian writer that grows and a strict reader that never throws.
 *
 * <p>Every format of the ledger has exactly one encoding of a value, so a hash or a signature over bytes is one over
 * the value. A decoder built on {@link org.ztp.wire.WireReader} reads everything, then asks {@code finished()}: only
 * if each field was in its range and no byte is left over is there a value.
 */
package org.ztp.wire;
