/**
 * State that can be rebuilt from the journal: ordered tables of keys and values, changed by atomic batches.
 *
 * <p>{@link org.ztp.storage.state.RocksKeyValueStore} keeps it in a directory without a log of its own: after a crash
 * it has the state after some earlier batch, whole in all tables, and the owner replays the journal from there. So a
 * batch should carry the position it brings the state to. {@link org.ztp.storage.state.MemoryKeyValueStore} keeps it in
 * memory.
 */
package org.ztp.storage.state;
