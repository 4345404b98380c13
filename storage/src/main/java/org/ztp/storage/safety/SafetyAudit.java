package org.ztp.storage.safety;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.ztp.storage.Finding;
import org.ztp.storage.disk.Disk;

/** Checks a safety file that nobody has open, every byte of both copies, and changes nothing. */
public final class SafetyAudit {
    private SafetyAudit() {
    }

    /**
     * Runs an audit.
     *
     * @param disk where
     * @param name of the file
     * @return what was found, empty when all is well
     */
    public static List<Finding> run(final Disk disk, final String name) {
        final List<Finding> findings = new ArrayList<>();
        if (!disk.exists(name)) {
            findings.add(new Finding(Finding.Kind.MISSING, name, 0, "no safety record"));
            return findings;
        }
        final long size = SafetyStore.size(disk, name);
        if (size != SafetyFormat.FILE_BYTES) {
            findings.add(new Finding(Finding.Kind.CORRUPT, name, Math.min(size, SafetyFormat.FILE_BYTES),
                "file bytes: expected=" + SafetyFormat.FILE_BYTES + " actual=" + size));
        }
        final SafetyFormat format = new SafetyFormat();
        final ByteBuffer bytes = SafetyStore.readFile(disk, name);
        final SafetyPair even = SafetyPair.read(format, bytes, 0);
        final SafetyPair odd = SafetyPair.read(format, bytes, 2);
        checkSectors(format, bytes, name, findings);
        checkPair(even, name, findings);
        checkPair(odd, name, findings);
        if (!even.best().isValid() && !odd.best().isValid()) {
            findings.add(new Finding(Finding.Kind.CORRUPT, name, 0, "the file holds no record"));
        }
        return findings;
    }

    /**
     * Reads the records that are whole, and mends nothing.
     *
     * @param disk where
     * @param name of the file
     * @return none, one or two, the newest last
     */
    public static List<DirectBuffer> records(final Disk disk, final String name) {
        if (!disk.exists(name)) {
            return List.of();
        }
        final SafetyFormat format = new SafetyFormat();
        final ByteBuffer bytes = SafetyStore.readFile(disk, name);
        return Stream.of(SafetyPair.read(format, bytes, 0).best(), SafetyPair.read(format, bytes, 2).best())
            .filter(SafetyCopy::isValid).sorted(Comparator.comparingLong(SafetyCopy::generation))
            .<DirectBuffer>map(SafetyCopy::record).toList();
    }

    private static void checkSectors(final SafetyFormat format, final ByteBuffer bytes, final String name,
                                     final List<Finding> findings) {
        for (int slot = 0; slot < SafetyFormat.SLOTS; slot++) {
            for (int sector = 0; sector < SafetyFormat.SECTORS; sector++) {
                if (!format.isSound(bytes, slot, sector) && !SafetyFormat.isEmpty(bytes, slot, sector)) {
                    findings.add(new Finding(Finding.Kind.CORRUPT, name, SafetyFormat.sectorOffset(slot, sector),
                        "damaged sector of copy " + (slot % 2 + 1)));
                }
            }
        }
    }

    private static void checkPair(final SafetyPair pair, final String name, final List<Finding> findings) {
        if (!pair.isRotten() && !pair.isWhole()) {
            findings.add(new Finding(Finding.Kind.TORN_TAIL, name, SafetyFormat.sectorOffset(pair.firstSlot(), 0),
                "the last store did not finish"));
        }
    }
}
