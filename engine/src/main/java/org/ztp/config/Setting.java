package org.ztp.config;

import java.util.List;
import java.util.Optional;

/** Every key of the configuration with its kind, default, limits and meaning: the one place where they are told. */
public enum Setting {
    /** Threads of the team. */
    THREADS("threads", Kind.COUNT_OR_AUTO, "auto", "1", "256",
        "Threads of the team that decodes, checks and hashes; auto: the cores that this process may use."),
    /** How loops are dealt out. */
    SCHEDULE("schedule", Kind.SCHEDULE, "guided", "",
        "How the team's loops are dealt out to its threads, as in OpenMP; a chunk's size may follow."),
    /** Binding of threads. */
    BIND("bind", Kind.WORD, "none", "none,cores",
        "Whether each thread of the team but its master is bound to a core (taskset); what cannot be bound runs where it may."),
    /** How often a batch is checked. */
    CHECKS("checks", Kind.WORD, "once", "once,each",
        "In a process of several replicas, whether a batch in memory or a vote is checked once for all of them, or by each"
            + " for itself, as nodes of their own do."),
    /** Slots of a ring. */
    RING_SIZE("ring.size", Kind.POWER_OF_TWO, "1024", "16", "1048576", "Slots of each thread's ring; a power of two."),
    /** How waiting is done. */
    RING_WAIT("ring.wait", Kind.WORD, "park", "park,yield,spin",
        "How threads wait at a ring: park costs least, spin answers fastest and keeps a core each."),
    /** Bytes of a batch. */
    BATCH_BYTES("batch.bytes", Kind.BYTES, "1MiB", "4KiB", "64MiB",
        "A batch is closed when it holds this many bytes (one larger bundle is a batch by itself)."),
    /** Bundles of a batch. */
    BATCH_COUNT("batch.count", Kind.COUNT, "1024", "1", "65536", "A batch is closed when it holds this many bundles."),
    /** Patience of a batch. */
    BATCH_LINGER("batch.linger", Kind.TIME, "2ms", "0ms", "1s",
        "A batch is closed when its first bundle has waited this long; at once while no other batch is on its way."),
    /** When a thing counts as stored. */
    DURABILITY("durability", Kind.WORD, "disk", "memory,os,disk,archive",
        "What final means: memory (a quorum has it in memory), os (handed to the kernel), disk (on disk before each"
            + " vote and commit), archive (as disk, and in the archive before clients are told). With memory a ledger may not go"
            + " on once more processes than may fail are killed, or have no room on disk, at once, and with os once as many"
            + " machines fail at once."),
    /** Journals past the page cache. */
    JOURNAL_DIRECT("journal.direct", Kind.WORD, "auto", "auto,always,never",
        "Which writes of the journal go past the kernel's page cache (O_DIRECT), where the file system offers that: auto"
            + " (those of 32 KiB and more), always (all whole blocks), never. Unless never, records of 256 KiB and more are"
            + " read past it, too. What final means does not depend on it."),
    /** The archive. */
    ARCHIVE_DIR("archive.dir", Kind.TEXT, "", "",
        "Directory on a parallel file system to which final blocks are copied, once for the sub-cluster; empty: none."),
    /** Journals apart from the cluster's directory. */
    LOCAL_DIR("local.dir", Kind.TEXT, "", "",
        "Directory on each node's own disk, or in its memory, for its replica's journal; empty: in the cluster's directory."),
    /** Members of a sub-cluster. */
    SUB_CLUSTER_SIZE("sub-cluster.size", Kind.COUNT_OR_AUTO, "auto", "4", "255",
        "Replicas of a sub-cluster; fixed by genesis.conf, which it must agree with; auto: as there."),
    /** Interval of epochs. */
    EPOCH_INTERVAL("epoch.interval", Kind.TIME, "1s", "10ms", "1h",
        "How often the heads of the sub-clusters are accumulated into an epoch."),
    /** Blocks behind which the state is taken over. */
    SNAPSHOT_BEHIND("catchup.snapshot-behind", Kind.COUNT, "10000", "0", "1000000000",
        "A replica that is more blocks behind than this takes over a certified snapshot of the state, goes on from that, and"
            + " gets the blocks meanwhile; 0: it gets the blocks first, however many."),
    /** Time of a view. */
    VIEW_TIMEOUT("view.timeout", Kind.TIME, "500ms", "10ms", "16s",
        "A view without progress for this long is given up; doubles while views fail, up to 16 s, and goes back."),
    /** Interval of heartbeats. */
    DETECTOR_HEARTBEAT("detector.heartbeat", Kind.TIME, "100ms", "5ms", "10s",
        "How often each replica tells its peers that it lives."),
    /** Silence of a suspect. */
    DETECTOR_LIMIT("detector.limit", Kind.TIME, "1s", "20ms", "60s",
        "A peer silent for this long, or down to half as long while all speak on time, is suspected and left out until it is "
            + "back; at least three heartbeats. Where commits take longer than this, no shares are given."),
    /** Silence after which a role is given away. */
    DETECTOR_REPLACE("detector.replace", Kind.TIME, "8s", "100ms", "1h",
        "Over MPI, a replica silent for this long has its role given to a spare rank; at least the detector's limit."),
    /** Group of clients. */
    CLIENTS_GROUP("clients.group", Kind.TEXT, "", "",
        "Unix group whose members may use the service beside its own user, who is one of them: the start lets it read"
            + " genesis.conf and ztp.conf, and add to blobs/; empty: nobody else."),
    /** Bytes of a bundle. */
    BUNDLE_BYTES("limits.bundle-bytes", Kind.BYTES, "64MiB", "4KiB", "64MiB",
        "Largest bundle that is taken in here; none is larger than genesis.conf allows."),
    /** Bytes of a block. */
    BLOCK_BYTES("limits.block-bytes", Kind.BYTES, "96MiB", "64KiB", "512MiB",
        "Most bytes of batches that a block of this replica's names, and no more than genesis.conf allows; the others are"
            + " left for the next block."),
    /** Own batches without a block. */
    BATCHES_IN_FLIGHT("limits.batches-in-flight", Kind.COUNT, "64", "1", "4096",
        "Batches of this replica that are not final yet; beyond it clients wait."),
    /** Pending bytes. */
    PENDING_BYTES("limits.pending-bytes", Kind.BYTES, "256MiB", "1MiB", "16GiB",
        "Bytes of bundles taken in and not final yet; beyond it clients are told that the service is busy."),
    /** Clients at once. */
    CLIENTS("limits.clients", Kind.COUNT, "64", "1", "4096", "Clients connected at once; a further one is told to wait."),
    /** Bytes of a client's ring. */
    CLIENT_RING_BYTES("limits.client-ring-bytes", Kind.BYTES_POWER_OF_TWO, "1MiB", "64KiB", "64MiB",
        "Shared memory of each direction of a client's connection; a power of two."),
    /** Replies that wait. */
    CLIENT_QUEUE_BYTES("limits.client-queue-bytes", Kind.BYTES, "192MiB", "128MiB", "4GiB",
        "Replies that wait for a slow client; one that lets more pile up is disconnected."),
    /** Requests in progress. */
    CLIENT_REQUESTS("limits.client-requests", Kind.COUNT, "256", "1", "65536",
        "Requests of one client in progress; beyond it the client's further ones wait in its ring."),
    /** Bytes for a peer. */
    PEER_BYTES("limits.peer-bytes", Kind.BYTES, "256MiB", "1MiB", "16GiB",
        "Bytes held for or from one peer; beyond it its oldest messages are dropped and fetched again. A replica with more"
            + " (and 32 MiB) on the way to its disk takes nothing more in until that is durable."),
    /** Views ahead. */
    VIEWS_AHEAD("limits.views-ahead", Kind.COUNT, "1000", "1", "1000000",
        "Votes for views further ahead of the replica's own are dropped."),
    /** Heights ahead. */
    HEIGHTS_AHEAD("limits.heights-ahead", Kind.COUNT, "1000", "1", "1000000",
        "Proposals for heights further ahead are dropped; the replica catches up instead."),
    /** Clocks ahead. */
    CLOCK_AHEAD("limits.clock-ahead", Kind.TIME, "10s", "10ms", "1h",
        "A block whose time is further ahead of the replica's clock is not voted for.");

    private final String key;
    private final Kind kind;
    private final String defaultText;
    private final String least;
    private final String most;
    private final List<String> words;
    private final String meaning;

    Setting(final String key, final Kind kind, final String defaultText, final String words, final String meaning) {
        this(key, kind, defaultText, "0", "0", words.isEmpty() ? List.of() : List.of(words.split(",")), meaning);
    }

    Setting(final String key, final Kind kind, final String defaultText, final String least, final String most,
            final String meaning) {
        this(key, kind, defaultText, least, most, List.of(), meaning);
    }

    Setting(final String key, final Kind kind, final String defaultText, final String least, final String most,
            final List<String> words, final String meaning) {
        this.key = key;
        this.kind = kind;
        this.defaultText = defaultText;
        this.least = least;
        this.most = most;
        this.words = words;
        this.meaning = meaning;
    }

    /** The key in the file, such as {@code batch.linger}. */
    public String key() {
        return key;
    }

    /** The default, as it is written in a file. */
    public String defaultText() {
        return defaultText;
    }

    /** What it means, in one sentence. */
    public String meaning() {
        return meaning;
    }

    /** The values that it may have, for people. */
    public String range() {
        return switch (kind) {
            case WORD -> String.join(", ", words);
            case SCHEDULE -> kind.grammar(this);
            case TEXT -> "any text";
            case COUNT_OR_AUTO -> "auto, " + least + " .. " + most;
            default -> kind.print(kind.parse(least)) + " .. " + kind.print(kind.parse(most));
        };
    }

    /** The setting of a key. */
    public static Optional<Setting> of(final String key) {
        for (final Setting setting : values()) {
            if (setting.key.equals(key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    Kind kind() {
        return kind;
    }

    List<String> words() {
        return words;
    }

    /** The number of a text; throws {@link IllegalArgumentException} that tells people what is wrong with it. */
    long number(final String text) {
        final long value;
        try {
            value = kind.parse(text);
        } catch (final NumberFormatException notOne) {
            throw new IllegalArgumentException(key + ": expected " + kind.grammar(this) + ", actual=\"" + text + "\"");
        }
        final boolean auto = kind == Kind.COUNT_OR_AUTO && text.equals("auto");
        if (!auto && (value < kind.parse(least) || value > kind.parse(most))) {
            throw new IllegalArgumentException(key + ": expected " + range() + ", actual=" + text);
        }
        return value;
    }

    /** The text of a text setting; throws {@link IllegalArgumentException} that tells people what is wrong with it. */
    String word(final String text) {
        if (!kind.accepts(this, text)) {
            throw new IllegalArgumentException(key + ": expected " + kind.grammar(this) + ", actual=\"" + text + "\"");
        }
        return text;
    }
}
