/**
 * {@code ztp bench}: a whole cluster in this process under load, beside what the same machine could do at most.
 *
 * <pre>
 *   BenchCommand ──► BenchRun ──► Cluster (temporary directory, service)
 *                       │   └───► LoadGenerator (org.ztp.tuning)
 *                       ├───────► ThreadCosts (allocation and processor time, service and clients apart)
 *                       └───────► HashLimit, SignatureLimit, JournalLimit (the same bytes, the same threads)
 *   KeysCommand ───► KeysRun ───► Cluster, KeysClient (publishes, requests all keys again and again)
 *   ScaleCommand ─► BenchRun, once for each shape        RestartCommand ──► RestartRun ──► Cluster
 *                                                        BlankCommand ────► BlankRun ────► Cluster
 *   FilesCommand ──► FilesRun ──► FilesSharing (publishes a file and gets it back), FileLimits
 *   TuneCommand ──► Search (org.ztp.tuning.sweep) ──► ClusterTrials ──► Cluster, LoadGenerator
 * </pre>
 */
package org.ztp.bench;
