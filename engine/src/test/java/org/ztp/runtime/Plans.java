package org.ztp.runtime;

import java.nio.file.Files;
import java.nio.file.Path;

/** For tests: a directory of {@link PlannedFaults} for a service. */
final class Plans {
    private Plans() {
    }

    /** How a service is started. */
    interface Start {
        void now() throws Exception;
    }

    /** Starts a service that heeds plans; their directory, which is new. */
    static Path start(final Path directory, final Start service) throws Exception {
        Files.createDirectory(directory);
        System.setProperty(PlannedFaults.PROPERTY, directory.toString());
        try {
            service.now();
        } finally {
            System.clearProperty(PlannedFaults.PROPERTY);
        }
        return directory;
    }
}
