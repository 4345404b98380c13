package org.ztp.simulation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ztp.consensus.Action.Finalized;
import org.ztp.ledger.Outcome;
import org.ztp.wire.Hash;

/**
 * Who was given what clients handed in. Whoever is honest and lives on sees by itself to it that this becomes final: a
 * client that hands it in again would hide that it was forgotten.
 */
final class Gateways {
    private final Map<Hash, Given> given = new HashMap<>();
    /** Bundles that were in a final block without effect, being too far ahead: they are their clients' concern. */
    private final Set<Hash> refused = new HashSet<>();

    private record Given(SimulatedReplica gateway, int life) {
        boolean isKept() {
            return gateway.isHonest() && gateway.isUp() && gateway.life() == life;
        }
    }

    /** A replica that runs is given a bundle. */
    void give(final Hash bundle, final SimulatedReplica gateway) {
        given.put(bundle, new Given(gateway, gateway.life()));
    }

    /** A block has become final. */
    void finalized(final Finalized said) {
        for (final Outcome outcome : said.executed().outcomes()) {
            refused.add(said.block().batches().get(outcome.batch()).bundles().get(outcome.bundle()).id());
        }
    }

    /** Whether a bundle becomes final though its client does nothing more. */
    boolean keep(final Hash bundle) {
        return given.containsKey(bundle) && given.get(bundle).isKept() && !refused.contains(bundle);
    }
}
