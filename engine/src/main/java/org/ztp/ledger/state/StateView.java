package org.ztp.ledger.state;

/**
 * The state as one transaction of a block sees it: the parent's state with the changes of the block's transactions
 * before it, and its own. Used by one thread, only until the transaction has been applied.
 */
public interface StateView extends StateReader {
    /** Sets the value under a key; neither array may be changed afterwards. An empty value is a value. */
    void put(byte[] key, byte[] value);

    /** Removes a key and its value; nothing happens if there is none. */
    void delete(byte[] key);
}
