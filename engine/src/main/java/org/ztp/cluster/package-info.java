/**
 * Who the cluster is: its genesis, its sub-clusters, and the directory that holds all of it.
 *
 * <pre>
 *   DIR/genesis.conf             replicas, keys, sub-clusters: read by everybody, never changed
 *   DIR/ztp.conf                 configuration
 *   DIR/replicas/&lt;i&gt;/node.key    the replica's private key (0600)
 *   DIR/replicas/&lt;i&gt;/journal/    its blocks
 *   DIR/replicas/&lt;i&gt;/safety      what it must not forget between votes
 *   DIR/replicas/&lt;i&gt;/state/      what can be computed again from the journal
 *   DIR/blobs/                   ciphertext of the chunks
 *   DIR/LOCK                     held by the process that runs replicas of DIR on this node
 * </pre>
 */
package org.ztp.cluster;
