/**
 * A fork-join team of threads in the manner of OpenMP: the calling thread takes part as thread 0, the workers sleep
 * between regions.
 *
 * <pre>
 *   master ──┬─ thread 0 ─ chunks ─┬── master, with all results visible, or with the first failure
 *            ├─ thread 1 ─ chunks ─┤
 *     fork   ├─ ...                │   join
 *            └─ thread T-1 ────────┘   workers: spin, then yield, then park until the next fork
 * </pre>
 *
 * {@link org.ztp.team.Team} forks and joins, {@link org.ztp.team.Schedule} cuts loops into chunks,
 * {@link org.ztp.team.Barrier} is what the threads of a region meet at, {@link org.ztp.team.WaitLimits} says how long
 * to spin, {@link org.ztp.team.CoreBinding} ties threads to cores, {@link org.ztp.team.ParallelMerkleRoot} is the
 * reduction that every batch takes.
 */
package org.ztp.team;
