package org.ztp.team;

/**
 * Array places that keep slots out of each other's cache line, of the line fetched beside it (128 bytes in all), and of
 * the array's header.
 */
final class Padding {
    private static final int STRIDE = 32; // ints or references, of 4 bytes or more each

    private Padding() {
    }

    /** Place of a slot. */
    static int at(int slot) {
        return (slot + 1) * STRIDE;
    }

    /** Length of an array of so many slots. */
    static int length(int slots) {
        return (slots + 1) * STRIDE;
    }
}
