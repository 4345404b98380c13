/**
 * Mutants of the protocol: its own sources with one rule taken away, compiled and loaded in the test alone. What the
 * simulation is worth is measured by the seeds that it needs to find each.
 */
package org.ztp.mutants;
