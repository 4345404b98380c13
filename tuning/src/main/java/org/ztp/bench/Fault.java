package org.ztp.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ztp.client.ServiceRequest.Fault.Harm;

/** What is done to replicas while they are under load. */
enum Fault {
    /** Nothing. */
    NONE(Harm.RESUME),
    /** The leader of the first sub-cluster does nothing more, and says nothing, like a process that got SIGSTOP. */
    LEADER_HANG(Harm.HANG),
    /** The leader of the first sub-cluster is gone, like a machine without power. */
    LEADER_CRASH(Harm.STOP),
    /** All replicas of the last sub-cluster are gone. */
    SUB_CLUSTER_HALT(Harm.STOP);

    private final Harm harm;

    Fault(final Harm harm) {
        this.harm = harm;
    }

    /** What is done to each replica. */
    Harm harm() {
        return harm;
    }

    /** Its name as an option: {@code leader-hang}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names, for people. */
    static String words() {
        return Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "));
    }

    /** The fault of a name. */
    static Optional<Fault> of(final String word) {
        return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
    }
}
