/**
 * How replicas reach each other: a port ({@link org.ztp.transport.Transport}) with one implementation inside a process,
 * here, and others between processes, found by {@link org.ztp.transport.TransportProvider}; the module {@code native}
 * has the one over MPI.
 */
package org.ztp.transport;
