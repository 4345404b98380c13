/**
 * How replicas reach each other: a port with one implementation inside a process, here, and one over MPI in the module
 * {@code native}.
 */
package org.ztp.transport;
