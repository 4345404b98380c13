package org.ztp.tuning.sweep;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.ztp.tuning.Load;

/**
 * A machine of which all is known: what each point gives, how noisy it is, and how long a run takes. Time is
 * simulated.
 */
final class ModelTrials implements Trials {
    static final double DEFAULT_PER_SECOND = 100_000;
    private static final long AROUND_A_RUN_NS = 300_000_000L;

    private final ToDoubleFunction<Point> factor;
    private final double noise;
    private final double slowingPerSecond;
    private final SplittableRandom random;
    private long nowNs;

    /**
     * A machine.
     *
     * @param factor how many times as fast as the default a point is; 0 if it fails
     * @param noise standard deviation of the log of a run
     * @param slowingPerSecond by how much (log) the machine slows down each second
     * @param seed of the noise
     */
    ModelTrials(final ToDoubleFunction<Point> factor, final double noise, final double slowingPerSecond,
                final long seed) {
        this.factor = factor;
        this.noise = noise;
        this.slowingPerSecond = slowingPerSecond;
        random = new SplittableRandom(seed);
    }

    @Override
    public Outcome measure(final Point point, final Load load, final long warmupNs, final long measuredNs) {
        nowNs += warmupNs + measuredNs + AROUND_A_RUN_NS;
        final double speed = factor.applyAsDouble(point)
            * Math.exp(noise * gaussian() - slowingPerSecond * nowNs / 1e9);
        if (speed <= 0) {
            return Outcome.failed("the model fails, \"here\"");
        }
        final double peak = DEFAULT_PER_SECOND * speed;
        final double inFlight = load.clients() * load.inFlight() * load.transactions();
        return load.isPaced() ? Outcome.of(Math.min(peak, load.rate()), 2_000 / speed, 9_000 / speed)
            : Outcome.of(peak * inFlight / (inFlight + 1_000), inFlight / peak * 1e6, 3 * inFlight / peak * 1e6);
    }

    @Override
    public long nanoTime() {
        return nowNs;
    }

    private double gaussian() {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.nextDouble();
        }
        return sum;
    }
}
