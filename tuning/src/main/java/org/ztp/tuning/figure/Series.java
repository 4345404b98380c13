package org.ztp.tuning.figure;

import java.util.List;

/**
 * Points that belong together.
 *
 * @param name in the legend
 * @param look how they are drawn
 * @param spots in the order in which a line joins them
 */
public record Series(String name, Look look, List<Spot> spots) {
    /** Copies the list. */
    public Series {
        spots = List.copyOf(spots);
    }

    /** How points are drawn. Colours are told apart by the colour-blind too (Okabe and Ito, 2008). */
    public enum Look {
        /** Small grey dots. */
        FAINT("#999999", 2.5, false, false),
        /** Blue dots with a line. */
        FIRST("#0072b2", 3.5, true, false),
        /** Vermilion dots with a line. */
        SECOND("#d55e00", 3.5, true, false),
        /** Green dots with a line. */
        THIRD("#009e73", 3.5, true, false),
        /** Purple dots with a line. */
        FOURTH("#cc79a7", 3.5, true, false),
        /** A blue ring. */
        FIRST_MARK("#0072b2", 9, false, true),
        /** A larger vermilion ring. */
        CHOSEN_MARK("#d55e00", 13, false, true);

        private final String colour;
        private final double radius;
        private final boolean line;
        private final boolean ring;

        Look(final String colour, final double radius, final boolean line, final boolean ring) {
            this.colour = colour;
            this.radius = radius;
            this.line = line;
            this.ring = ring;
        }

        String colour() {
            return colour;
        }

        double radius() {
            return radius;
        }

        boolean hasLine() {
            return line;
        }

        boolean isRing() {
            return ring;
        }
    }
}
