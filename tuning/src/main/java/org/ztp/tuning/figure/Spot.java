package org.ztp.tuning.figure;

/**
 * A point in a figure.
 *
 * @param x to the right, in the axis's unit
 * @param y upwards, in the axis's unit
 */
public record Spot(double x, double y) {
}
