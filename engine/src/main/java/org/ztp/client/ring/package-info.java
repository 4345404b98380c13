/**
 * Connections through files in shared memory, for clients on the service's node.
 *
 * <pre>
 *   /dev/shm/ztp-&lt;uid&gt;-&lt;16 hex of SHA-256 of DIR&gt;/     0700, or 0710 with a group of clients
 *     lock       held by the service that is here
 *     service    who it is, and that it lives             written by the service alone
 *     door       a bell, and slots for those who want in  written by clients
 *     c-&lt;name&gt;   one connection: two rings of frames      made by the service, written by both
 *
 *   client                     c-&lt;name&gt;                      service
 *   RingConnection ─FrameWriter─► request ring ─FrameReader─► ClientPort ─► handler
 *                  ◄─FrameReader─ reply ring   ◄─FrameWriter─
 * </pre>
 *
 * <p>Both ends reach the files with reads and writes at a position, not through a mapping: a client that may write a
 * file may also cut it short, and a process that touches the lost part of a mapping is killed by the kernel (SIGBUS).
 * A short read is only a verdict. A read or write of a page that is in memory costs under a microsecond, and a frame
 * carries up to 64 KiB.
 *
 * <p>The service trusts nothing in a file: it keeps its own positions, copies a frame out before it looks at it, and
 * lets a client go whose bytes make no sense, who is silent, dead, or does not fetch its replies. What cannot be kept
 * apart is a user from himself: who runs as the service's user can stop the service anyway.
 */
package org.ztp.client.ring;
