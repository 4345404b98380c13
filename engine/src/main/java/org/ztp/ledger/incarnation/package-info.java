/** Which process runs a replica: its incarnations, and what is signed about them. */
package org.ztp.ledger.incarnation;
