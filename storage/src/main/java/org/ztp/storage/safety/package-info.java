/**
 * One small record that must never go back: what a replica has promised. {@code storage/docs/FORMAT.md} has its bytes.
 *
 * <pre>
 *   generation  4        5        6        7
 *   slots      0 1      2 3      0 1      2 3      two copies each, in turn: the pair that holds the
 *                                                  newest record is never written to
 * </pre>
 *
 * <p>Each sector of a slot has its own checksum and generation. So three kinds of damage can be told apart: a copy that
 * is rotten is mended from its twin; a pair that is torn was never acknowledged, and the other pair holds; a pair of
 * which both copies are rotten may have been the newest, and then the record is lost, which is said and not guessed.
 */
package org.ztp.storage.safety;
