package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.List;

/** What befalls replicas: crashes, one by one or all at once, lost records, clocks that jump. */
final class Misfortunes {
    private final World world;
    private final List<SimulatedReplica> bodies;
    private int losses;

    Misfortunes(final World world, final List<SimulatedReplica> bodies) {
        this.world = world;
        this.bodies = bodies;
    }

    /** Another second. */
    void befall() {
        final Faults.Lives fate = world.faults.lives();
        final boolean all = world.chance(fate.restartPerMille());
        final long allAtNs = world.soonNs(SECOND);
        if (all) {
            world.count("restarts of all");
        }
        for (final SimulatedReplica body : bodies) {
            if (all || world.chance(fate.crashPerMille())) {
                world.timeline.at(all ? allAtNs : world.soonNs(SECOND), () -> crash(body));
            }
            if (world.chance(fate.jumpPerMille())) {
                world.count("clock jumps");
                body.jumpClock();
            }
        }
    }

    private void crash(final SimulatedReplica body) {
        if (!body.isUp() || world.healed) {
            return;
        }
        world.count("crashes");
        body.crash();
        if (body.isHonest() && losses < world.faults.lives().losses()
            && world.chance(10 * world.faults.lives().lossPercent())) {
            losses++;
            world.count("lost records");
            body.loseRecord(world.random.nextBoolean());
        }
        world.timeline.at(world.soonNs(3 * SECOND), () -> start(body));
    }

    private static void start(final SimulatedReplica body) {
        if (!body.isUp()) {
            body.start();
        }
    }

    /** Everything is well from now on. */
    void heal() {
        world.healed = true;
        for (final SimulatedReplica body : bodies) {
            body.setClock(world.faults.lives().skewMillis());
            start(body);
        }
    }
}
