package org.ztp.simulation;

import static org.ztp.simulation.Timeline.SECOND;

import java.util.List;

/** What befalls replicas: crashes, one by one or all at once, lost records, clocks that jump, and long pauses. */
final class Misfortunes {
    private static final int ACTIONS = 12;
    /** Of a slow replica, which does nothing four fifths of the time. */
    private static final int PAUSES = 15;
    private static final long PAUSE_NS = SECOND / 10;

    private final World world;
    private final List<SimulatedReplica> bodies;
    private int losses;
    private int hangs;

    Misfortunes(final World world, final List<SimulatedReplica> bodies) {
        this.world = world;
        this.bodies = bodies;
        world.onLeading = body -> {
            if (world.chance(world.faults.lives().crashPerMille())) {
                doom(body);
            }
        };
        world.onEquivocation = () -> {
            if (world.faults.lives().crashPerMille() > 0 && world.random.nextInt(3) == 0) {
                restart(bodies.get(world.random.nextInt(bodies.size())));
            }
        };
    }

    /** It may find another block where it has voted for one. */
    private void restart(final SimulatedReplica body) {
        world.timeline.at(world.soonNs(world.faults.limits().retransmitNs()), () -> {
            if (body.isUp() && !world.isHealed()) {
                world.count("restarts at once");
                body.crash();
                body.start();
            }
        });
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
            if (all) {
                world.timeline.at(allAtNs, () -> crash(body));
            } else if (world.chance(fate.crashPerMille())) {
                world.timeline.at(world.soonNs(SECOND), () -> doom(body));
            }
            if (world.chance(fate.hangPerMille())) {
                world.timeline.at(world.soonNs(SECOND), () -> hang(body));
            }
            if (world.chance(fate.jumpPerMille())) {
                world.count("clock jumps");
                body.jumpClock();
            }
            spoilDisk(body);
        }
    }

    private void spoilDisk(final SimulatedReplica body) {
        final Faults.Disks fate = world.faults.disks();
        if (world.chance(fate.stallPerMille())) {
            world.count("disks that stall");
            body.stall(world.soonNs(2 * SECOND));
        }
        if (world.chance(fate.fullPerMille())) {
            world.count("disks that are full");
            body.disk.full(true);
            world.timeline.at(world.soonNs(2 * SECOND), () -> body.disk.full(false));
        }
        if (body.isHonest() && losses < world.faults.lives().losses() && world.chance(fate.misdirectPerMille())) {
            losses++;
            world.count("misdirected writes");
            body.misdirect();
        }
    }

    /** It stops once and for long, or, every other time, again and again. */
    private void hang(final SimulatedReplica body) {
        if (!world.isHealed()) {
            hangs++;
            if (hangs % 2 == 1) {
                world.count("hangs");
                body.hang(world.soonNs(SECOND));
            } else {
                world.count("slow replicas");
                for (int pause = 0; pause < PAUSES; pause++) {
                    world.timeline.at(world.timeline.nowNs() + 5L * pause * PAUSE_NS / 4, () -> pause(body));
                }
            }
        }
    }

    private void pause(final SimulatedReplica body) {
        if (!world.isHealed()) {
            body.hang(world.timeline.nowNs() + PAUSE_NS);
        }
    }

    /** It crashes between two of its next actions. */
    private void doom(final SimulatedReplica body) {
        if (body.isUp() && !world.isHealed()) {
            body.crashAfter(world.random.nextInt(ACTIONS), () -> crash(body));
        }
    }

    private void crash(final SimulatedReplica body) {
        if (!body.isUp() || world.isHealed()) {
            return;
        }
        world.count("crashes");
        body.crash();
        if (body.isHonest() && losses < world.faults.lives().losses()
            && world.chance(10 * world.faults.lives().lossPercent())) {
            losses++;
            world.count("lost records");
            world.lastToLose = body.id;
            body.loseRecord(world.random.nextBoolean());
        } else if (world.random.nextInt(100) < world.faults.disks().rotPercent()) {
            rot(body);
        }
        if (world.random.nextInt(8) == 0) {
            body.disk.loseIndex();
        }
        world.timeline.at(world.soonNs(world.random.nextInt(4) * SECOND), body::startAgain);
    }

    private void rot(final SimulatedReplica body) {
        if (world.random.nextBoolean() && !body.mayHaveLost()) {
            world.count("rotten sectors of safety records");
            body.disk.rot(false, world.random);
        } else if (body.isHonest() && losses < world.faults.lives().losses()) {
            losses++;
            world.count("rotten sectors of journals");
            body.disk.rot(true, world.random);
        }
    }

    /** All are gone until everything heals. */
    void halt() {
        world.count("halts of a sub-cluster");
        world.halted = true;
        bodies.stream().filter(SimulatedReplica::isUp).forEach(SimulatedReplica::crash);
    }

    /** Everything is well from now on. */
    void heal() {
        world.halted = false;
        for (final SimulatedReplica body : bodies) {
            body.setClock(world.faults.lives().skewMillis());
            body.disk.full(false);
            body.startAgain();
        }
    }
}
