/** A block as a list of what happened, one entry a transaction: what {@code ztp log} tells, before it is in words. */
package org.ztp.ledger.log;
