package org.ztp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.Secrets;
import org.ztp.crypto.SigningKey;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.KeyVector;
import org.ztp.release.SeekerRelease;
import org.ztp.release.SingleAnswer;
import org.ztp.release.SingleResult;
import org.ztp.wire.Hash;

/**
 * Gets the keys of the chunks of an allowed request: accumulated, and if those do not fit their commitments, from
 * single shares, whose bad ones are told and recorded on the ledger.
 */
final class KeyRelease {
    private final Refusal refusal;
    private final DatasetHistory history;
    private final SeekerPart part;
    private final SeekerRelease release;
    private final SigningKey seeker;
    private final Consumer<String> messages;
    private final List<Evidence> evidence = new ArrayList<>();

    /**
     * For one request.
     *
     * @param refusal looks into it when the service says no
     * @param part the seeker's part that the request was allowed with
     * @param release the request, with its fresh key
     * @param messages told of replicas that cheat
     */
    KeyRelease(final Refusal refusal, final DatasetHistory history, final SeekerPart part, final SeekerRelease release,
               final SigningKey seeker, final Consumer<String> messages) {
        this.refusal = refusal;
        this.history = history;
        this.part = part;
        this.release = release;
        this.seeker = seeker;
        this.messages = messages;
    }

    /** The keys; closed by the caller. */
    ChunkKeys keys() {
        final ServiceReply.Released reply = refusal.ask(new ServiceRequest.Release(release.request(), List.of()),
            ServiceReply.Released.class);
        final Optional<ChunkKeys> accumulated = release.unmask(reply.vector(), reply.participants(), reply.attempt(),
            reply.contractVersion()).flatMap(this::join);
        if (accumulated.isPresent()) {
            return accumulated.get();
        }
        messages.accept("a replica of " + reply.participants() + " gave a wrong share; asking each for its own");
        return singly();
    }

    /** Nobody is called a cheat before the others' shares fit: else it may be the service that shows the wrong part. */
    private ChunkKeys singly() {
        final byte[] whole = new byte[(release.chunks().count() + 1) * KeyVector.ENTRY_BYTES];
        final TreeMap<Integer, String> bad = new TreeMap<>();
        final List<Evidence> found = new ArrayList<>();
        for (final ChunkRange range : release.parts()) {
            final SingleResult result = single(range, bad.keySet());
            result.bad().forEach(bad::putIfAbsent);
            found.addAll(result.evidence());
            final byte[] joined = result.vector().orElseThrow(
                () -> failure("too few replicas gave good shares, or this service shows wrong ones"));
            release.put(range, joined, whole);
            Secrets.zero(joined);
        }
        final ChunkKeys keys = join(whole).orElseThrow(
            () -> failure("the keys are not those that the owner committed to"));
        bad.forEach((replica, reason) -> messages.accept("replica " + replica + ": " + reason));
        evidence.addAll(found);
        return keys;
    }

    /**
     * Records what proves that replicas cheated, if the others' shares gave the keys. That is for the ledger, and not
     * the seeker's to wait for: it comes after the bytes, and nothing hangs on it, since the culprit or its friends may
     * have recorded the like before, or be who is asked to.
     */
    void recordEvidence() {
        for (final Evidence one : evidence) {
            try {
                record(one);
            } catch (final CommandException unheard) {
                messages.accept("the proof against replica " + release.ids().get(one.replica())
                    + " was not recorded: " + unheard.getMessage());
                if (unheard.exit() == Exit.UNAVAILABLE) {
                    return;
                }
            }
        }
    }

    private SingleResult single(final ChunkRange range, final Set<Integer> without) {
        final ServiceReply.ReleasedSingly reply = refusal.ask(new ServiceRequest.ReleaseSingly(release.request(), range,
            List.copyOf(without)), ServiceReply.ReleasedSingly.class);
        return release.open(range, reply.shares().stream().map(one -> new SingleAnswer(one.replica(), one.sealed()))
            .toList(), reply.contractVersion(), history.publish(), part);
    }

    private void record(final Evidence evidence) {
        final Ledger.Settled settled = refusal.ledger().submit(seeker, evidence.encode());
        messages.accept("the proof against replica " + release.ids().get(evidence.replica()) + " is on the ledger: "
            + settled.id());
    }

    /** Overwrites what was released. */
    private Optional<ChunkKeys> join(final byte[] released) {
        final Hash owner = history.owner();
        return ChunkKeys.join(release.keys().context(owner, history.publish()), history.publish(), part,
            release.chunks(), released, seeker).keys();
    }

    private static CommandException failure(final String reason) {
        return new CommandException(Exit.UNAVAILABLE, reason, "try again; ztp status tells how the replicas are");
    }
}
