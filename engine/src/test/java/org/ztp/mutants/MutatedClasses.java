package org.ztp.mutants;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Loads the engine anew, with some classes changed; everything else is its parent's. */
final class MutatedClasses extends ClassLoader {
    private final Map<String, byte[]> changed;

    MutatedClasses(final Map<String, byte[]> changed) {
        super(MutatedClasses.class.getClassLoader());
        this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("org.ztp.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            final Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    @Override
    protected Class<?> findClass(final String name) throws ClassNotFoundException {
        final byte[] bytes = changed.containsKey(name) ? changed.get(name) : original(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] original(final String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (final IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
