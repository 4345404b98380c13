package org.ztp.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.ztp.simulation.Faults.Disks;
import org.ztp.simulation.Faults.Lives;
import org.ztp.simulation.Faults.Network;
import org.ztp.simulation.Faults.Treachery;
import org.ztp.simulation.Faults.Weather;

/** One kind of what goes wrong in a run, by its name on the command line; a run can be repeated without it. */
enum Trouble {
    LOSS(one -> network(one, new Network(0, one.network().duplicatePercent(), one.network().minDelayNs(),
        one.network().maxDelayNs(), one.network().stragglerPerMille(), one.network().weather()))),
    DUPLICATES(one -> network(one, new Network(one.network().lossPercent(), 0, one.network().minDelayNs(),
        one.network().maxDelayNs(), one.network().stragglerPerMille(), one.network().weather()))),
    STRAGGLERS(one -> network(one, new Network(one.network().lossPercent(), one.network().duplicatePercent(),
        one.network().minDelayNs(), one.network().maxDelayNs(), 0, one.network().weather()))),
    PARTITIONS(one -> weather(one, new Weather(weather(one).everyNs(), 0, weather(one).isolationPerMille(),
        weather(one).cutPerMille(), weather(one).spitePerMille()))),
    ISOLATIONS(one -> weather(one, new Weather(weather(one).everyNs(), weather(one).partitionPerMille(), 0,
        weather(one).cutPerMille(), weather(one).spitePerMille()))),
    CUTS(one -> weather(one, new Weather(weather(one).everyNs(), weather(one).partitionPerMille(),
        weather(one).isolationPerMille(), 0, weather(one).spitePerMille()))),
    SPITE(one -> weather(one, new Weather(weather(one).everyNs(), weather(one).partitionPerMille(),
        weather(one).isolationPerMille(), weather(one).cutPerMille(), 0))),
    CRASHES(one -> lives(one, new Lives(one.lives().maxPersistNs(), one.lives().keepsWrites(), 0,
        one.lives().restartPerMille(), one.lives().hangPerMille(), one.lives().lossPercent(), one.lives().losses(),
        one.lives().skewMillis(), one.lives().jumpPerMille()))),
    RESTARTS(one -> lives(one, new Lives(one.lives().maxPersistNs(), one.lives().keepsWrites(),
        one.lives().crashPerMille(), 0, one.lives().hangPerMille(), one.lives().lossPercent(), one.lives().losses(),
        one.lives().skewMillis(), one.lives().jumpPerMille()))),
    HANGS(one -> lives(one, new Lives(one.lives().maxPersistNs(), one.lives().keepsWrites(),
        one.lives().crashPerMille(), one.lives().restartPerMille(), 0, one.lives().lossPercent(),
        one.lives().losses(), one.lives().skewMillis(), one.lives().jumpPerMille()))),
    LOST_RECORDS(one -> lives(one, new Lives(one.lives().maxPersistNs(), one.lives().keepsWrites(),
        one.lives().crashPerMille(), one.lives().restartPerMille(), one.lives().hangPerMille(), 0,
        one.lives().losses(), one.lives().skewMillis(), one.lives().jumpPerMille()))),
    CLOCKS(one -> lives(one, new Lives(one.lives().maxPersistNs(), one.lives().keepsWrites(),
        one.lives().crashPerMille(), one.lives().restartPerMille(), one.lives().hangPerMille(),
        one.lives().lossPercent(), one.lives().losses(), 0, 0))),
    ROT(one -> disks(one, new Disks(0, one.disks().misdirectPerMille(), one.disks().fullPerMille(),
        one.disks().stallPerMille()))),
    MISDIRECTED_WRITES(one -> disks(one, new Disks(one.disks().rotPercent(), 0, one.disks().fullPerMille(),
        one.disks().stallPerMille()))),
    FULL_DISKS(one -> disks(one, new Disks(one.disks().rotPercent(), one.disks().misdirectPerMille(), 0,
        one.disks().stallPerMille()))),
    SLOW_DISKS(one -> disks(one, new Disks(one.disks().rotPercent(), one.disks().misdirectPerMille(),
        one.disks().fullPerMille(), 0)));

    private final UnaryOperator<Faults> removal;

    Trouble(final UnaryOperator<Faults> removal) {
        this.removal = removal;
    }

    private static Weather weather(final Faults one) {
        return one.network().weather();
    }

    private static Faults network(final Faults one, final Network network) {
        return new Faults(one.replicas(), network, one.lives(), one.disks(), one.treachery(), one.limits());
    }

    private static Faults weather(final Faults one, final Weather weather) {
        return network(one, new Network(one.network().lossPercent(), one.network().duplicatePercent(),
            one.network().minDelayNs(), one.network().maxDelayNs(), one.network().stragglerPerMille(), weather));
    }

    private static Faults lives(final Faults one, final Lives lives) {
        return new Faults(one.replicas(), one.network(), lives, one.disks(), one.treachery(), one.limits());
    }

    private static Faults disks(final Faults one, final Disks disks) {
        return new Faults(one.replicas(), one.network(), one.lives(), disks, one.treachery(), one.limits());
    }

    private static String nameOf(final Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names: of these troubles and of what traitors do. */
    static List<String> names() {
        return Stream.concat(Stream.of(values()), Stream.of(Treason.values())).map(Trouble::nameOf).toList();
    }

    /** The names of what goes wrong in a run. */
    static List<String> of(final Faults faults) {
        final List<String> names = new ArrayList<>();
        for (final Trouble trouble : values()) {
            if (!trouble.removal.apply(faults).equals(faults)) {
                names.add(nameOf(trouble));
            }
        }
        if (faults.treachery().traitors() > 0) {
            Stream.of(Treason.values()).filter(faults.treachery().deeds()::contains).map(Trouble::nameOf)
                .forEach(names::add);
        }
        return names;
    }

    /** The same without some troubles; names of none are passed over. */
    static Faults without(final Faults faults, final Set<String> names) {
        Faults left = faults;
        for (final Trouble trouble : values()) {
            left = names.contains(nameOf(trouble)) ? trouble.removal.apply(left) : left;
        }
        final Set<Treason> deeds = new HashSet<>(left.treachery().deeds());
        deeds.removeIf(deed -> names.contains(nameOf(deed)));
        return new Faults(left.replicas(), left.network(), left.lives(), left.disks(), new Treachery(left.treachery().traitors(),
            left.treachery().first(), deeds), left.limits());
    }
}
