/** The load generator: clients that make, sign and submit bundles, and what they saw. */
package org.ztp.tuning;
