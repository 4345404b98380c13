package org.ztp.audit;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ztp.audit.Finding.Level;
import org.ztp.storage.blob.BlobAudit;
import org.ztp.storage.disk.Disk;
import org.ztp.wire.Hash;

/** Checks every blob, and that each chunk of each published dataset has its own. */
final class BlobCheck {
    private final String directory;
    private final Findings findings;
    private final Tally tally;
    private final HashIndex whole = new HashIndex();
    private final Set<String> altered = new HashSet<>();
    private long named;

    BlobCheck(final String directory, final Findings findings, final Tally tally) {
        this.directory = directory;
        this.findings = findings;
        this.tally = tally;
    }

    /** Hashes every blob again. */
    void read(final Disk disk) {
        for (final org.ztp.storage.Finding one : BlobAudit.run(disk,
            (id, length) -> whole.put(Hash.of(id.hash()), 0))) {
            final String name = one.file().replace("/", "");
            if (one.kind() == org.ztp.storage.Finding.Kind.CORRUPT && Hash.parse(name).isPresent()) {
                altered.add(name);
            }
            findings.addAll(directory + "/", List.of(one));
        }
        tally.blobs = whole.size() + (long) altered.size();
    }

    /** Looks for the chunks of a dataset. */
    void require(final FinalChain.Published dataset) {
        for (int i = 0; i < dataset.blobs().length / Hash.BYTES; i++) {
            final Hash blob = Hash.copyOf(dataset.blobs(), i * Hash.BYTES);
            final long uses = whole.get(blob);
            if (uses == HashIndex.ABSENT) {
                findings.add(new Finding(Level.FAULT, file(blob), 0, dataset.height(), "dataset=" + dataset.id()
                    + " chunk=" + i, altered.contains(blob.toString()) ? "the chunk's blob was altered"
                    : "the chunk's blob is missing"));
            } else if (uses == 0) {
                whole.put(blob, 1);
                named++;
            }
        }
    }

    /** Tells how many blobs no dataset names. */
    void tellUnnamed() {
        if (whole.size() > named) {
            findings.note(directory, (whole.size() - named)
                + " blobs that no final transaction names: of a publication that did not finish, or was refused");
        }
    }

    private String file(final Hash blob) {
        final String name = blob.toString();
        return directory + "/" + name.substring(0, 2) + "/" + name.substring(2);
    }
}
