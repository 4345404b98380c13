/**
 * {@code ztp tune}: looks for settings that are faster on this machine than the default, within a time budget.
 *
 * <pre>
 *   Space ──► Search ──► Trials (port: a real cluster, or a model of one in tests)
 *               │  Rounds   each point between two runs of what it is compared with
 *               ▼
 *            Verdict ──► ProfileText (HOCON) · EvidenceTable (CSV) · LoadFigure (SVG) ──► NewFiles
 * </pre>
 *
 * <p>Coarse to fine: each setting alone, then the promising ones and their combinations by successive halving (Karnin,
 * Koren and Somekh, "Almost Optimal Exploration in Multi-Armed Bandits", ICML 2013; Jamieson and Talwalkar, AISTATS
 * 2016), then one step of each setting around the best. Who wins is decided by runs that had no part in choosing the
 * challenger, in pairs with the default: on a shared machine neighbours in time see the same neighbours on the machine.
 */
package org.ztp.tuning.sweep;
