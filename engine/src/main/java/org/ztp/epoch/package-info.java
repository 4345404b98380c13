/**
 * How epochs come about: the heads of all sub-clusters are accumulated, at an interval, into one root. Sans-IO: time and
 * events go in, actions come out, and the same events give the same actions.
 *
 * <pre>
 *   collector ── Ask (heights that it knows) ──► every node
 *             ◄── Answer (newer heads, with their certificates; the newest epoch's number) ──
 *             ── Made (epoch) ──► every node ──► its replicas: the next block of each chain names it
 * </pre>
 *
 * A node is a process with replicas of one or more sub-clusters; in local mode one node has them all and nothing is sent.
 * The heads are joined by {@link org.ztp.accumulate.MaxHeads}, which is commutative and idempotent, so it does no harm
 * that messages are lost, doubled or reordered, that two nodes collect at one time, or that heads come by way of an epoch
 * somebody else has made. Nobody is believed: what counts of a head is its commit certificate, and who votes checks the
 * epoch again.
 *
 * <p>Nodes collect in their order: the first one, unless it is out. A node whose own sub-cluster has a head that no epoch
 * covers for three intervals (and one more for each node before it in the order) collects by itself, so a collector that
 * is out, or leaves heads out, holds nobody back for long. It stops again when it hears of one before it in the order.
 *
 * <p>A round waits half an interval for answers. Who does not answer has its last known head carried on, and marked.
 */
package org.ztp.epoch;
