package org.ztp.cli;

import java.nio.file.Path;
import java.time.Duration;
import org.ztp.client.ring.RingConnection;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of commands that speak with a service. */
final class ServiceOptions {
    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", converter = Seconds.class,
        description = "How long to wait for the service (default: ${DEFAULT-VALUE}).")
    private Duration timeout;

    /** How long to wait, nanoseconds. */
    long timeoutNs() {
        return timeout.toNanos();
    }

    /** How to reach the service of a cluster's directory on this node. */
    Connector connector(final Path clusterDirectory) {
        return () -> RingConnection.connect(clusterDirectory);
    }

    /** Reads a number of seconds, 0.1 .. 86,400. */
    static final class Seconds implements ITypeConverter<Duration> {
        @Override
        public Duration convert(final String text) {
            try {
                final double seconds = Double.parseDouble(text);
                if (seconds >= 0.1 && seconds <= 86_400) {
                    return Duration.ofNanos((long) (seconds * 1e9));
                }
            } catch (final NumberFormatException notOne) {
                throw new TypeConversionException("'" + text + "' is not a number of seconds");
            }
            throw new TypeConversionException("seconds: expected=0.1 .. 86400 actual=" + text);
        }
    }
}
