/**
 * The transport over MPI: the only package that imports {@code mpi.*}. One thread owns MPI.
 *
 * <pre>
 *  any thread                    the MPI thread                                     the peer's MPI thread
 *  send ──► Outbound: queue ──► frames ──► PeerPort: window of slots ──► MPI ──► receives ──► Inbound ──► receiver
 *                                  ▲                                                             │
 *                                  └───────────────── acknowledgements ◄─────────────────────────┘
 * </pre>
 *
 * {@link org.ztp.mpi.Link} and what it is made of know no MPI; {@link org.ztp.mpi.PeerPort} and
 * {@link org.ztp.mpi.MpiLoop} make all calls.
 */
package org.ztp.mpi;
