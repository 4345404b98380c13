package org.ztp.client.ring;

/**
 * Where things are in the files. Words take 16 bytes (a value and its complement), little-endian.
 *
 * <pre>
 *   service       0 magic | 16 instance | 32 pid | 48 ring bytes | 64 beat | 80 1 if full
 *   door          0 bell: any new value | 64 .. 4159 64 slots of 64 bytes: name high, name low, pid, check
 *   c-&lt;name&gt;      0 magic | 64 client's beat | 128 request tail | 192 request head | 256 reply tail
 *                 320 reply head | 384 1 once the service has let go | 448 1 once the client has left
 *                 4096 request ring | reply ring
 * </pre>
 */
final class Layout {
    /** Marks a file of this version that is ready. */
    static final long MAGIC = 0x325f_5054_5a2d_6370L;

    static final int SERVICE_MAGIC = 0;
    static final int SERVICE_INSTANCE = 16;
    static final int SERVICE_PID = 32;
    static final int SERVICE_RING_BYTES = 48;
    static final int SERVICE_BEAT = 64;
    static final int SERVICE_FULL = 80;

    static final int DOOR_BELL = 0;
    static final int DOOR_SLOTS = 64;
    static final int SLOT_BYTES = 64;
    static final int SLOTS = 64;
    static final int DOOR_BYTES = DOOR_SLOTS + SLOTS * SLOT_BYTES;

    static final int CONNECTION_MAGIC = 0;
    static final int CLIENT_BEAT = 64;
    static final int REQUEST_TAIL = 128;
    static final int REQUEST_HEAD = 192;
    static final int REPLY_TAIL = 256;
    static final int REPLY_HEAD = 320;
    static final int LET_GO = 384;
    static final int LEFT = 448;
    static final int RINGS = 4096;

    /** Largest message, however many frames it takes. */
    static final int MAX_MESSAGE_BYTES = 96 << 20;

    /** How often each side says that it lives. */
    static final long BEAT_NS = 100_000_000;
    /** Silence after which it matters whether the process is there. */
    static final long DEAD_NS = 500_000_000;
    /** Silence after which the other side is given up, process or not. */
    static final long SILENT_NS = 10_000_000_000L;

    private Layout() {
    }

    /** What a slot's last field must be, so that a slot half written is not taken for a whole one. */
    static long slotCheck(final long high, final long low, final long pid) {
        return MAGIC ^ Long.rotateLeft(high, 1) ^ Long.rotateLeft(low, 2) ^ Long.rotateLeft(pid, 3);
    }
}
