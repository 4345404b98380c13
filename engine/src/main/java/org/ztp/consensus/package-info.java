/**
 * The two-phase quorum commit as a pure state machine: one door, {@link org.ztp.consensus.ReplicaCore#step}, takes an
 * event and gives actions. No clock, thread, file, socket, logger or random inside, so a simulator runs the very code
 * that a cluster runs.
 *
 * <pre>
 *   batches ──► BatchPool ──┐
 *                           ▼
 *   proposals ──► BlockTree ──► SafetyRules ──► votes ──► VoteCollector ──► certificates ──► final blocks
 *                           ▲        (the only signing key)
 *   time-outs ──► ViewChange┘                  Gate: nothing leaves before what it depends on is durable
 * </pre>
 *
 * <p>The rules are those of Jolteon (Gelashvili, Kokoris-Kogias, Sonnino, Spiegelman, Xiang: "Jolteon and Ditto",
 * Financial Cryptography 2022), with its rounds read as pairs (view, height), so a leader stays while it serves well,
 * and with commit votes sent by themselves instead of inside the next proposal. See engine/docs/PROTOCOL.md.
 */
package org.ztp.consensus;
