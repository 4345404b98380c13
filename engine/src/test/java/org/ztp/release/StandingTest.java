package org.ztp.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ztp.contract.Parties.key;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Parties;
import org.ztp.contract.Rules;
import org.ztp.contract.rules.ContractRules;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.Samples;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SeededRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.state.MapState;
import org.ztp.ledger.state.TransactionContext;
import org.ztp.release.Standing.Allowed;
import org.ztp.release.Standing.Reason;
import org.ztp.release.Standing.Refused;
import org.ztp.wire.Hash;

/** What a replica's own ledger says, after transactions as the rules of contracts apply them. */
class StandingTest {
    private static final Hash CHAIN = key("chain");
    private static final Hash DATASET = Publish.id(CHAIN, key("owner"), key("d"));
    private static final long NOON = 1_767_225_600_000L;
    private static final X25519PrivateKey FRESH = X25519PrivateKey.generate(new SeededRandomness(1));

    private final ContractRules rules =
        new ContractRules(CHAIN, Samples.REPLICAS, (evidence, asked, root, entries) -> Optional.empty());
    private final MapState state = new MapState();
    private long height;

    private TransactionId apply(final String client, final byte[] transaction) {
        final TransactionId id = new TransactionId(key("bundle " + ++height), 0);
        rules.apply(state, new TransactionContext(height, NOON, key(client), id.bundle(), 0), transaction, 0,
            transaction.length);
        return id;
    }

    private static Contract contract(final int version, final Rules rules, final String... seekers) {
        return new Contract(version, List.of(new Clause(ChunkRange.all(4), Parties.of(seekers), rules)));
    }

    private TransactionId publish(final Rules clause) {
        return apply("owner", Samples.publish("d", contract(1, clause, "bob")).encode());
    }

    private TransactionId request(final String seeker, final Hash fresh) {
        return apply(seeker, new Request(DATASET, new ChunkRange(1, 2), "", fresh, "").encode());
    }

    private TransactionId request(final String seeker) {
        return request(seeker, Hash.of(FRESH.publicKey().bytes()));
    }

    private Reason refusal(final TransactionId request, final long timeMillis) {
        return assertInstanceOf(Refused.class, Standing.of(state, request, timeMillis)).reason();
    }

    @Test
    void anAllowedRequestHasTheTermsItWasAllowedWith() {
        final TransactionId publish = publish(Rules.NONE);
        final TransactionId request = request("bob");
        final Terms expected = new Terms(DATASET, publish, publish, 4, new ChunkRange(1, 2), key("bob"),
            FRESH.publicKey(), 1);
        assertEquals(new Allowed(expected), Standing.of(state, request, NOON));
        assertEquals(96, expected.vectorBytes());

        final Contract next = contract(2, Rules.NONE, "bob", "carol");
        apply("owner", new Grant(DATASET, 1, next, Samples.parts(next)).encode());
        assertEquals(new Allowed(expected), Standing.of(state, request, NOON), "and after a new part for the seeker");
    }

    @Test
    void whatIsNotAllowedSaysWhy() {
        assertEquals(Reason.UNKNOWN, refusal(new TransactionId(Hash.ZERO, 0), NOON));
        publish(new Rules(0, NOON + 1000, 0, 0, false, 1, Parties.of("ann")));
        assertEquals(Reason.DENIED, refusal(request("carol"), NOON));
        final TransactionId request = request("bob");
        assertEquals(Reason.PENDING, refusal(request, NOON));
        apply("ann", new Approve(request).encode());
        assertInstanceOf(Allowed.class, Standing.of(state, request, NOON));
        assertEquals(Reason.CLOSED, refusal(request, NOON + 1001), "out of its time");
        apply("owner", Revoke.of(DATASET, Set.of(key("bob"))).encode());
        assertEquals(Reason.CLOSED, refusal(request, NOON), "revoked");
    }

    @Test
    void whatAsksWithAKeyThatIsNoneIsNoRequest() {
        publish(Rules.NONE);
        assertEquals(Reason.UNKNOWN, refusal(request("bob", Hash.ZERO), NOON));
    }

    @Test
    void theDigestOfTermsCoversEachOfThem() {
        publish(Rules.NONE);
        final Terms terms = ((Allowed) Standing.of(state, request("bob"), NOON)).terms();
        final TransactionId other = new TransactionId(Hash.ZERO, 1);
        final List<Terms> all = List.of(terms,
            new Terms(Hash.ZERO, terms.publish(), terms.part(), 4, terms.chunks(), terms.seeker(), terms.freshKey(), 1),
            new Terms(DATASET, other, terms.part(), 4, terms.chunks(), terms.seeker(), terms.freshKey(), 1),
            new Terms(DATASET, terms.publish(), other, 4, terms.chunks(), terms.seeker(), terms.freshKey(), 1),
            new Terms(DATASET, terms.publish(), terms.part(), 5, terms.chunks(), terms.seeker(), terms.freshKey(), 1),
            new Terms(DATASET, terms.publish(), terms.part(), 4, new ChunkRange(1, 3), terms.seeker(),
                terms.freshKey(), 1),
            new Terms(DATASET, terms.publish(), terms.part(), 4, terms.chunks(), Hash.ZERO, terms.freshKey(), 1),
            new Terms(DATASET, terms.publish(), terms.part(), 4, terms.chunks(), terms.seeker(),
                X25519PrivateKey.generate(new SeededRandomness(2)).publicKey(), 1),
            new Terms(DATASET, terms.publish(), terms.part(), 4, terms.chunks(), terms.seeker(), terms.freshKey(), 2));
        assertEquals(all.size(), all.stream().map(Terms::digest).distinct().count());
        assertTrue(terms.digest().equals(all.get(0).digest()));
    }
}
