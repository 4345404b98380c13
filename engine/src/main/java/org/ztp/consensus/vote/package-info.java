/** Counting signatures: votes and time-outs become certificates, certificates are checked. */
package org.ztp.consensus.vote;
