package org.ztp.storage.safety;

import java.nio.ByteBuffer;

/**
 * The two copies of one generation.
 *
 * <table>
 * <caption>What a pair says</caption>
 * <tr><th>copies</th><th>verdict</th></tr>
 * <tr><td>at least one valid</td><td>the newer of the valid ones: a write in flight may have reached but one</td></tr>
 * <tr><td>none valid, one unfinished</td><td>nothing: the force of this generation did not return, for then both
 *     copies were whole; and rot does not make a copy unfinished</td></tr>
 * <tr><td>both rotten</td><td>lost: an acknowledged generation may have been here</td></tr>
 * </table>
 */
record SafetyPair(int firstSlot, SafetyCopy first, SafetyCopy second) {
    static SafetyPair read(final SafetyFormat format, final ByteBuffer file, final int firstSlot) {
        return new SafetyPair(firstSlot, SafetyCopy.read(format, file, firstSlot),
            SafetyCopy.read(format, file, firstSlot + 1));
    }

    /** The newer valid copy, or one that is not valid. */
    SafetyCopy best() {
        return first.generation() >= second.generation() ? first : second;
    }

    boolean isLost() {
        return first.state() == SafetyCopy.State.ROTTEN && second.state() == SafetyCopy.State.ROTTEN;
    }

    boolean isRotten() {
        return first.rottenAt() >= 0 || second.rottenAt() >= 0;
    }

    /** Whether both copies are the same whole record and no sector of theirs is rotten, or both were never written. */
    boolean isWhole() {
        final boolean same = first.state() == second.state() && first.generation() == second.generation();
        return same && !isRotten() && (first.isValid() ? first.record().equals(second.record()) : newest() == 0);
    }

    long newest() {
        return Math.max(first.newest(), second.newest());
    }
}
