package org.ztp.storage.state;

import java.util.concurrent.locks.Lock;

/** A cursor that keeps its store from being closed; used and closed by the thread that opened it. */
final class GuardedCursor implements KeyValueCursor {
    private final KeyValueCursor cursor;
    private Lock held;

    GuardedCursor(final KeyValueCursor cursor, final Lock held) {
        this.cursor = cursor;
        this.held = held;
    }

    @Override
    public boolean next() {
        return cursor.next();
    }

    @Override
    public byte[] key() {
        return cursor.key();
    }

    @Override
    public byte[] value() {
        return cursor.value();
    }

    @Override
    public void close() {
        if (held != null) {
            cursor.close();
            held.unlock();
            held = null;
        }
    }
}
