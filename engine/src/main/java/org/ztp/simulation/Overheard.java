package org.ztp.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ztp.consensus.FinalBlock;
import org.ztp.consensus.Message;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.consensus.TimeoutVote;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.wire.Hash;

/** What one traitor has heard and said lately, as far as it is of use for lies. */
final class Overheard {
    private static final int REMEMBERED = 60;

    private final Map<Hash, Certificate> prepared = bounded();
    private final Map<Hash, Certificate> committed = bounded();
    private final Map<Hash, Block> childOf = bounded();
    private final Map<Hash, Block> blocks = bounded();
    private final Map<Hash, BatchHere> batches = bounded();
    private final TreeMap<Long, TimeoutCertificate> entries = new TreeMap<>();
    private final TreeMap<Long, Map<Integer, TimeoutVote>> timeouts = new TreeMap<>();

    private static <V> Map<Hash, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(final Map.Entry<Hash, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /** Keeps what may be of use. */
    void notice(final Message message) {
        if (message instanceof Proposed proposed) {
            final Proposal proposal = proposed.proposal();
            childOf.put(proposal.justify().block(), proposal.block());
            blocks.put(proposal.block().hash(), proposal.block());
            prepared.put(proposal.justify().block(), proposal.justify());
            proposal.entry().ifPresent(entry -> entries.put(entry.view(), entry));
        } else if (message instanceof Certified certified) {
            (certified.certificate().phase() == Phase.PREPARE ? prepared : committed)
                .put(certified.certificate().block(), certified.certificate());
        } else if (message instanceof Opened opened) {
            entries.put(opened.entry().view(), opened.entry());
        } else if (message instanceof TimedOut timedOut) {
            timedOut.entry().ifPresent(entry -> entries.put(entry.view(), entry));
            timeouts.computeIfAbsent(timedOut.vote().view(), absent -> new HashMap<>())
                .put(timedOut.vote().replica(), timedOut.vote());
        } else if (message instanceof BatchHere here) {
            batches.put(here.ref().root(), here);
        }
        if (entries.size() > REMEMBERED) {
            entries.pollFirstEntry();
        }
        if (timeouts.size() > REMEMBERED) {
            timeouts.pollFirstEntry();
        }
    }

    /** Prepare certificates of blocks on which another stands already, the highest first. */
    List<Certificate> parents() {
        return prepared.values().stream().filter(one -> childOf.containsKey(one.block()))
            .sorted(Comparator.comparingLong(Certificate::view).thenComparingLong(Certificate::height).reversed())
            .toList();
    }

    /** Some block that stands on another. */
    Block childOf(final Hash parent) {
        return childOf.get(parent);
    }

    /** A block. */
    Optional<Block> block(final Hash hash) {
        return Optional.ofNullable(blocks.get(hash));
    }

    /** The newest time-out certificate. */
    Optional<TimeoutCertificate> newestEntry() {
        return Optional.ofNullable(entries.lastEntry()).map(Map.Entry::getValue);
    }

    /** Certificates of any phase, but not the genesis'. */
    List<Certificate> certificates() {
        return Stream.concat(prepared.values().stream(), committed.values().stream()).filter(one -> one.view() > 0)
            .toList();
    }

    /** Another batch than this one, of as many bytes and transactions; the newest. */
    Optional<BatchHere> otherThan(final BatchRef ref) {
        return batches.values().stream().filter(one -> !one.ref().equals(ref) && one.ref().bytes() == ref.bytes()
            && one.ref().bundles() == ref.bundles() && one.ref().transactions() == ref.transactions())
            .reduce((older, newer) -> newer);
    }

    /** Blocks that are certified and may not be final, with their batches, as if they were final. */
    List<FinalBlock> certified() {
        final List<FinalBlock> certified = new ArrayList<>();
        for (final Certificate certificate : prepared.values()) {
            final Block block = blocks.get(certificate.block());
            if (block != null && block.batches().stream().allMatch(ref -> batches.containsKey(ref.root()))) {
                certified.add(new FinalBlock(block, block.batches().stream().map(ref -> batches.get(ref.root()).batch())
                    .toList(), Optional.of(certificate)));
            }
        }
        return certified;
    }

    /** The time-out certificate of a view. */
    Optional<TimeoutCertificate> entry(final long view) {
        return Optional.ofNullable(entries.get(view));
    }

    /** Any time-out certificate of an older view; the lower the number the older. */
    Optional<TimeoutCertificate> olderEntry(final long view, final int number) {
        final List<TimeoutCertificate> older = new ArrayList<>(entries.headMap(view).values());
        return older.isEmpty() ? Optional.empty() : Optional.of(older.get(number % older.size()));
    }

    /** Time-outs of a view by whoever was heard, those that tell the lowest locks first. */
    List<TimeoutVote> timeouts(final long view) {
        return timeouts.getOrDefault(view, Map.of()).values().stream().sorted(
            Comparator.comparingLong(TimeoutVote::highView).thenComparingLong(TimeoutVote::highHeight)
                .thenComparingInt(TimeoutVote::replica)).toList();
    }
}
