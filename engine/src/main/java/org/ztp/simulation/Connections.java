package org.ztp.simulation;

import org.ztp.consensus.Message;
import org.ztp.ledger.Phase;
import org.ztp.transport.Parcel;

/** Who of one sub-cluster hears whom, and how their messages fare. */
final class Connections {
    /** In time-outs of views. */
    private static final int PATIENCE = 16;

    private final World world;
    /** By number of the member. */
    private final int[] side;
    private boolean[][] cut;
    private boolean sided;
    private boolean leftToTraitors;
    private int exiled = -1;
    private long exiledInView;
    private long exiledUntilNs;

    Connections(final World world) {
        this.world = world;
        this.side = new int[world.group.size()];
        this.cut = new boolean[side.length][side.length];
    }

    /** Who hears whom changes from time to time. */
    void changeWeather() {
        if (!world.isHealed()) {
            drawSides();
            drawCuts();
            world.timeline.at(world.timeline.nowNs() + world.faults.network().weather().everyNs(), this::changeWeather);
        }
    }

    private void drawSides() {
        sided = world.random.nextInt(3) > 0;
        for (int i = 0; i < side.length; i++) {
            side[i] = world.random.nextInt(2);
        }
    }

    /** The side on which a replica is just now, 0 or 1: it may not hear the other one, and meet another twin. */
    int side(final int replica) {
        return side[world.number(replica)];
    }

    /** Whether twins keep to their sides. */
    boolean isSided() {
        return sided && !world.isHealed();
    }

    private void drawCuts() {
        final Faults.Weather weather = world.faults.network().weather();
        cut = new boolean[side.length][side.length];
        leftToTraitors = false;
        if (world.chance(weather.partitionPerMille())) {
            world.count("partitions");
            for (int i = 0; i < side.length; i++) {
                for (int j = 0; j < side.length; j++) {
                    cut[i][j] = side[i] != side[j];
                }
            }
        }
        if (world.chance(weather.isolationPerMille())) {
            world.count("isolations");
            isolate();
        }
        if (world.chance(weather.cutPerMille())) {
            world.count("one-way cuts");
            for (int i = 0; i < side.length; i++) {
                cut[world.random.nextInt(side.length)][world.random.nextInt(side.length)] = true;
            }
        }
    }

    private void isolate() {
        leftToTraitors = world.faults.treachery().deeds().contains(Treason.MISGUIDANCE);
        if (leftToTraitors) {
            return;
        }
        final int one = world.random.nextInt(3) > 0 ? world.number(world.group.leader(world.highestView))
            : world.random.nextInt(side.length);
        cutOff(one, world.random.nextInt(3) > 0, world.random.nextInt(3) > 0);
    }

    private void cutOff(final int one, final boolean mute, final boolean deaf) {
        for (int i = 0; i < side.length; i++) {
            cut[one][i] |= mute;
            cut[i][one] |= deaf;
        }
    }

    /**
     * A leader that makes a block final is cut off until the next view is over: most of all when the next leader is a
     * traitor, who could then undo what the others do not know to be final.
     */
    private void spite(final int from, final long view) {
        final int perMille = world.faults.network().weather().spitePerMille();
        if (world.chance(world.isTraitor(world.group.leader(view + 1)) ? 4 * perMille : perMille)) {
            world.count("leaders cut off with a final block");
            exiled = from;
            exiledInView = view + 1;
            exiledUntilNs = world.timeline.nowNs() + PATIENCE * world.faults.limits().viewTimeoutNs();
        }
    }

    private boolean isExiled(final int replica) {
        return replica == exiled && world.highestView <= exiledInView && world.timeline.nowNs() < exiledUntilNs;
    }

    /**
     * A member says something to another; that may move fate.
     *
     * @return whether it is kept from it: the replica that lost its record last may hear nothing from honest ones but
     *     in which view they are
     */
    boolean keeps(final int from, final int to, final Parcel parcel) {
        if (!(parcel instanceof Parcel.Ordering about) || world.isHealed()) {
            return false;
        }
        if (about.message() instanceof Message.Certified said && said.certificate().phase() == Phase.COMMIT) {
            spite(from, said.certificate().view());
        }
        return leftToTraitors && to == world.lastToLose && !world.isTraitor(from)
            && !(about.message() instanceof Message.ViewIs);
    }

    /** Whether a replica here does not hear another one, of any sub-cluster, just now. */
    boolean isCut(final int from, final int to) {
        final int one = world.number(from);
        final int other = world.number(to);
        return other >= 0 && cut[one][other] || isExiled(from) || isExiled(to);
    }

    /** How many copies of what a replica sends arrive. */
    int copies(final boolean cutOff) {
        final Faults.Network fate = world.faults.network();
        final boolean lost = !world.isHealed() && (cutOff || world.random.nextInt(100) < fate.lossPercent());
        return lost ? 0 : !world.isHealed() && world.random.nextInt(100) < fate.duplicatePercent() ? 2 : 1;
    }

    /** When something that is sent now arrives. */
    long arrivalNs() {
        final Faults.Network fate = world.faults.network();
        if (world.isHealed()) {
            return world.soonNs(200_000) + fate.minDelayNs();
        }
        final boolean straggles = world.chance(fate.stragglerPerMille());
        return world.soonNs(fate.maxDelayNs() - fate.minDelayNs() + (straggles ? Faults.STRAGGLER_NS : 0)) + fate.minDelayNs();
    }
}
