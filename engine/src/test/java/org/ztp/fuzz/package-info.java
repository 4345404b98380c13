/** Decoders under fuzz. */
package org.ztp.fuzz;
