package org.ztp.cli;

import java.time.Duration;
import org.ztp.client.ring.RingConnection;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of commands that speak with a service. */
final class ServiceOptions {
    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "60", converter = Seconds.class,
        description = "How long to wait for the service (default: ${DEFAULT-VALUE}).")
    private Duration timeout;
    @Option(names = "--local", description = "Run the replicas inside this command, if no service runs.")
    private boolean local;

    /** How long to wait, nanoseconds. */
    long timeoutNs() {
        return timeout.toNanos();
    }

    /** How to reach the service of the cluster's directory: on this node, or with --local in this process. */
    Connector connector(final Common common) {
        final ClusterDirectory directory = common.directory();
        final Genesis genesis = common.genesis();
        if (!local) {
            return () -> RingConnection.connect(directory.root(), timeoutNs());
        }
        final Configuration configuration = common.configuration(null);
        return () -> LocalService.start(directory, genesis, configuration, common::say);
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
