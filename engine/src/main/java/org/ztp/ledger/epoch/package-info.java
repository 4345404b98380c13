/**
 * Epochs: the heads of all sub-clusters in one root.
 *
 * <pre>
 *   chain 0   ... ─ block ─ block ─ block ...          an epoch is a list of heads, each with its certificate;
 *                     │        ▲                       it is stored in the first block of each chain that names it,
 *   chain 1   ... ─ block ─────┼─ block ...            so whoever has the block has what its root stands for,
 *                     │   heads│     ▲                 and nobody has to be believed
 *                     └► epoch ┴─────┘
 * </pre>
 *
 * An epoch's number is the sum of its heads' heights: the blocks that it covers. So it follows from the heads, it
 * rises whenever any chain has grown, nobody has to agree on a counter or remember one, and nobody can use numbers up,
 * since the heights are certified. Two epochs may have one number if two collectors have made them at one time; each is
 * true by itself. Along one chain numbers rise and no head goes back.
 */
package org.ztp.ledger.epoch;
