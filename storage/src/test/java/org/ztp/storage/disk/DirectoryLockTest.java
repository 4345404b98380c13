package org.ztp.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.storage.ChildJvm;
import org.ztp.storage.StorageException;

final class DirectoryLockTest {
    @TempDir
    Path directory;

    /** Tries to lock the directory it is given. */
    static final class Main {
        private Main() {
        }

        public static void main(final String[] arguments) {
            try (DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]))) {
                System.out.println("locked " + lock);
            }
        }
    }

    @Test
    void aSecondOwnerIsRefusedAndToldWhoTheFirstIs() throws Exception {
        final String self = Long.toString(ProcessHandle.current().pid());
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            assertTrue(lock.toString().contains(directory.getFileName().toString()));
            final Path alias = directory.resolve("..").resolve(directory.getFileName());
            final StorageException here = assertThrows(StorageException.class, () -> DirectoryLock.acquire(alias));
            assertTrue(here.getMessage().contains(self), here.getMessage());
            final ChildJvm.Result other = ChildJvm.run(Main.class, directory.toString());
            assertTrue(other.output().contains("owner=pid " + self), other.output());
            assertEquals(1, other.exit());
        }
        assertEquals(0, ChildJvm.run(Main.class, directory.toString()).exit());
        DirectoryLock.acquire(directory).close();
        assertTrue(Files.exists(directory.resolve(DirectoryLock.FILE_NAME)));
    }

    @Test
    void whoeverAsksLearnsWhetherItIsHeldAndTakesNothing() throws Exception {
        assertFalse(DirectoryLock.isHeld(directory));
        assertFalse(Files.exists(directory.resolve(DirectoryLock.FILE_NAME)));
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            assertTrue(DirectoryLock.isHeld(directory), lock.toString());
            assertEquals("true", ChildJvm.run(Asking.class, directory.toString()).output().trim());
            assertEquals(1, ChildJvm.run(Main.class, directory.toString()).exit(), "asking here gave nothing away");
        }
        assertFalse(DirectoryLock.isHeld(directory));
        assertEquals("false", ChildJvm.run(Asking.class, directory.toString()).output().trim());
        assertFalse(DirectoryLock.isHeld(directory.resolve("absent")));
    }

    /** Asks about the directory it is given. */
    static final class Asking {
        private Asking() {
        }

        public static void main(final String[] arguments) {
            System.out.println(DirectoryLock.isHeld(Path.of(arguments[0])));
        }
    }

    @Test
    void aMissingDirectoryIsAFailure() {
        assertThrows(StorageException.class, () -> DirectoryLock.acquire(directory.resolve("absent")));
    }
}
