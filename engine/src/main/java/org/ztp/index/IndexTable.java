package org.ztp.index;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The tables, in the order in which the store is opened with them. Integers in keys are big-endian, so that keys are in
 * the order of heights; in values they are little-endian.
 */
public enum IndexTable {
    /**
     * The one byte 0: height u64, block 32, state digest 32, floor u64, all of the block that was applied last. The one
     * byte 1: height u64 of the last block that holds an epoch.
     */
    APPLIED,
    /** Height u64: position of the block's record u64, the block's hash 32. */
    BLOCKS,
    /** Height u64: the commit certificate of that block; blocks made final by a descendant's have none. */
    CERTIFICATES,
    /**
     * Height u64: number of outcomes u32, and the outcomes; blocks without any have no entry. Height u64 and the one byte
     * 0: the proof that the state named by the header one higher answers for them, where it does.
     */
    OUTCOMES,
    /** Root of a batch, 32: position of its record u64. */
    BATCHES,
    /** Id of a bundle, 32: height u64, batch u32, bundle u32, outcome of the bundle u8. */
    BUNDLES,
    /**
     * Client key 32, submission 16, sequence u64: ids of the bundles that counted, 32 each, of so many sequences that end
     * with this one, 1 .. 64.
     */
    SEQUENCES,
    /** Size of the entity u16, entity, height u64, batch u32, bundle u32, transaction u32: nothing. */
    ENTITIES,
    /**
     * Dataset 32, height u64, batch u32, bundle u32, transaction u32: kind of the transaction u8; nothing, if an earlier
     * version wrote it.
     */
    DATASETS,
    /** A key of the state: its value. */
    STATE;

    /** The names that a store is opened with. */
    public static List<String> names() {
        return Arrays.stream(values()).map(table -> table.name().toLowerCase(Locale.ROOT)).toList();
    }
}
