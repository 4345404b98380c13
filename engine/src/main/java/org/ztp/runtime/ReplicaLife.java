package org.ztp.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.crypto.Randomness;
import org.ztp.ledger.Root;
import org.ztp.storage.Buffers;
import org.ztp.storage.StorageException;
import org.ztp.storage.disk.AtomicFile;
import org.ztp.storage.disk.DirectoryTree;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.safety.SafetyAudit;

/**
 * One life of a replica that keeps its things on its node, and what tells it whether those are the ones of its life
 * before. A replica that votes with a record other than its last one is a traitor; and a node may well have the record of
 * a life before last, when jobs move from nodes to nodes.
 *
 * <p>Each life has a random name. The shared directory has the name of the last life that began ({@code life}); the node
 * has the name of the life that its things are of, and of the one before ({@code life} there). A life that ends in order
 * leaves what the next one needs in the shared directory ({@code handover}), under its name. So a life begins:
 *
 * <ul>
 * <li>HERE, if the last life was on this node; or this very life was about to begin here when it was killed: it had said
 *     so here and not yet in the shared directory, and so had not voted;
 * <li>HANDED_OVER, if what was handed over is of the last life;
 * <li>NEW, if there was no life yet, with the record that the cluster was made with;
 * <li>LOST else: the last life's record is out of reach. The replica starts blank, and does not vote until it may.
 * </ul>
 *
 * <p>What is on the node is made whole before it gets the life's name, and that stands on the node before it stands in
 * the shared directory, and there before the replica speaks with anybody. Used by one thread at a time.
 */
final class ReplicaLife {
    private static final String LIFE = "life";
    private static final String HANDOVER = "handover";
    private static final String SAFETY = "safety";
    private static final String NONE = "-";
    private static final int NAME_BYTES = 16;

    private final Path shared;
    private final Path local;
    private final long restarts;
    private final String name;
    private final Optional<String> last;
    private final Origin origin;

    /** Where a life goes on from. */
    enum Origin { HERE, HANDED_OVER, NEW, LOST }

    private ReplicaLife(final Path shared, final Path local, final long restarts, final String name) {
        this.shared = shared;
        this.local = local;
        this.restarts = restarts;
        this.name = name;
        last = read(shared.resolve(LIFE)).map(words -> words.get(0));
        origin = find();
    }

    /**
     * The next life of a replica; begins nothing.
     *
     * @param shared the replica's directory that all nodes share
     * @param local its directory on this node; must exist
     * @param restarts how often voting has begun anew; lives of before are void
     * @throws StorageException if they cannot be read, or the replica keeps its journal in the shared one
     */
    static ReplicaLife next(final Path shared, final Path local, final long restarts, final Randomness randomness) {
        return new ReplicaLife(shared, local, restarts, name(restarts, randomness));
    }

    private static String name(final long restarts, final Randomness randomness) {
        return restarts + "-" + HexFormat.of().formatHex(randomness.bytes(NAME_BYTES));
    }

    /**
     * Hands over the record of a replica that has done nothing since the root, as if its last life had ended in order.
     *
     * @param shared the replica's directory that all nodes share
     */
    static void anew(final Path shared, final Root root, final Randomness randomness) {
        final String name = name(root.number(), randomness);
        final Path draft = shared.resolve(HANDOVER + ".new");
        DirectoryTree.delete(draft);
        create(draft.resolve("journal"));
        create(draft.resolve(SAFETY));
        ReplicaStore.create(draft.resolve(SAFETY), root);
        putInPlace(shared, draft, name);
        write(shared.resolve(LIFE), name);
    }

    /**
     * Whether a replica's last life ended in order and left a record for the next one with which it votes.
     *
     * @param shared the replica's directory that all nodes share
     * @param restarts how often voting has begun anew; lives of before are void
     */
    static boolean isHandedOver(final Path shared, final long restarts) {
        final Path left = shared.resolve(HANDOVER);
        final Optional<List<String>> last = read(shared.resolve(LIFE));
        return last.isPresent() && last.get().get(0).startsWith(restarts + "-") && last.equals(read(left.resolve(LIFE)))
            && SafetyAudit.records(new FileDisk(left.resolve(SAFETY)), ReplicaStore.Place.SAFETY_FILE).stream()
                .reduce((older, newest) -> newest).flatMap(newest -> SafetyState.decode(Buffers.bytes(newest)))
                .filter(state -> !state.isMute()).isPresent();
    }

    private Origin find() {
        final List<String> here = read(local.resolve(LIFE)).orElse(List.of());
        if (last.isPresent() && !last.get().startsWith(restarts + "-") || last.isEmpty() && restarts > 0) {
            return Origin.LOST;
        }
        if (last.isPresent() && here.contains(last.get())) {
            return Origin.HERE;
        }
        if (last.isPresent() && read(shared.resolve(HANDOVER).resolve(LIFE)).filter(
            words -> words.get(0).equals(last.get())).isPresent()) {
            return Origin.HANDED_OVER;
        }
        if (last.isEmpty() && !FileDisk.isThere(shared)) {
            throw new StorageException(StorageException.Kind.IO,
                shared + " is gone: nobody can tell which life was the last");
        }
        if (last.isEmpty() && FileDisk.isThere(shared.resolve("journal"))) {
            throw new StorageException(StorageException.Kind.IO, shared + " has a journal, and local.dir is set: a replica"
                + " that has run without it goes on without it");
        }
        return last.isEmpty() && FileDisk.isThere(shared.resolve(SAFETY).resolve(ReplicaStore.Place.SAFETY_FILE))
            ? Origin.NEW : Origin.LOST;
    }

    Origin origin() {
        return origin;
    }

    /** Makes the node's directory ready to be opened: what is in it is of no older life, and its safety record is there. */
    void prepare() {
        if (origin == Origin.HERE) {
            return;
        }
        DirectoryTree.delete(local.resolve(LIFE)); // first: from here on nothing on this node is of any life
        for (final String part : List.of("journal", SAFETY, "state", ReplicaStores.DIRECTORY)) {
            DirectoryTree.delete(local.resolve(part));
        }
        if (origin == Origin.HANDED_OVER) {
            copySafety(shared.resolve(HANDOVER), local);
        } else if (origin == Origin.NEW) {
            copySafety(shared, local);
        }
    }

    /** The journal that was handed over, if this life goes on from that. */
    Optional<Path> handedOver() {
        return origin == Origin.HANDED_OVER ? Optional.of(shared.resolve(HANDOVER).resolve("journal")) : Optional.empty();
    }

    /** The life begins: all that it needs is on the node. What it went on from in the shared directory is void now. */
    void begin() {
        write(local.resolve(LIFE), name + " " + last.orElse(NONE));
        write(shared.resolve(LIFE), name);
        DirectoryTree.delete(shared.resolve(HANDOVER));
        DirectoryTree.delete(shared.resolve(SAFETY));
        new FileDisk(shared).forceDirectory("");
    }

    /** Where a life that ends in order puts what comes after the archive; empty, and nothing before {@link #end}. */
    Path handOver() {
        final Path draft = shared.resolve(HANDOVER + ".new");
        DirectoryTree.delete(draft);
        final Path journal = draft.resolve("journal");
        create(journal);
        return journal;
    }

    /**
     * Whether no other life has begun since: a process that slept may end long after another has its role.
     *
     * @throws StorageException if the shared directory does not tell, as when it is gone
     */
    boolean isLast() {
        return read(shared.resolve(LIFE)).orElseThrow(() -> new StorageException(StorageException.Kind.IO,
            shared.resolve(LIFE) + " is gone: nothing can be handed over")).get(0).equals(name);
    }

    /** The life has ended, its files are closed: what was put there, with the safety record, is for the next one. */
    void end() {
        final Path draft = shared.resolve(HANDOVER + ".new");
        copySafety(local, draft);
        putInPlace(shared, draft, name);
    }

    private static void putInPlace(final Path shared, final Path draft, final String name) {
        write(draft.resolve(LIFE), name);
        DirectoryTree.delete(shared.resolve(HANDOVER));
        try {
            Files.move(draft, shared.resolve(HANDOVER), StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException failure) {
            throw failed("rename", draft, failure);
        }
        new FileDisk(shared).forceDirectory("");
    }

    private static void copySafety(final Path from, final Path to) {
        final Path target = to.resolve(SAFETY);
        create(target);
        final Path record = from.resolve(SAFETY).resolve(ReplicaStore.Place.SAFETY_FILE);
        try {
            AtomicFile.write(target.resolve(ReplicaStore.Place.SAFETY_FILE), Files.readAllBytes(record),
                AtomicFile.OWNER_ONLY);
        } catch (final IOException failure) {
            throw failed("read", record, failure);
        }
        new FileDisk(to).forceDirectory("");
    }

    private static Optional<List<String>> read(final Path file) {
        try {
            return Optional.of(List.of(Files.readString(file).strip().split(" ")));
        } catch (final NoSuchFileException absent) {
            return Optional.empty();
        } catch (final IOException failure) {
            throw failed("read", file, failure);
        }
    }

    private static void write(final Path file, final String words) {
        AtomicFile.write(file, (words + "\n").getBytes(StandardCharsets.US_ASCII), AtomicFile.OWNER_ONLY);
    }

    private static void create(final Path directory) {
        FileDisk.createDirectories(directory);
    }

    private static StorageException failed(final String what, final Path file, final IOException cause) {
        return StorageException.of("cannot " + what + " " + file, cause);
    }
}
