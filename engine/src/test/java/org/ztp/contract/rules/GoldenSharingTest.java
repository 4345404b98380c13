package org.ztp.contract.rules;

import static org.ztp.contract.Parties.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Parties;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.Samples;
import org.ztp.contract.transaction.SignedOpening;
import org.ztp.contract.transaction.TakeOver;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.ledger.GoldenBytes;
import org.ztp.ledger.incarnation.Incarnation;
import org.ztp.ledger.incarnation.Word;
import org.ztp.ledger.state.TransactionRules.Result;
import org.ztp.wire.Hash;

/** What FORMAT.md says of the transactions of data sharing: their bytes, what they leave in the state, what is told. */
final class GoldenSharingTest {
    private static final Hash DATASET = Publish.id(LedgerOfContracts.CHAIN, key("owner"), key("d"));
    private static final long HOUR = 3_600_000;

    private final GoldenBytes golden = new GoldenBytes();
    private final LedgerOfContracts ledger = new LedgerOfContracts();
    private final Map<ByteBuffer, byte[]> seen = new TreeMap<>();
    private int transactions;

    @Test
    void transactionsStateAndWordsAreWhatTheyWere() throws IOException {
        final long now = ledger.timeMillis;
        apply("bob", request(0, 0, ""));
        final Contract first = contract(1, new Rules(0, 0, 0, 0, false, 0, List.of()), "bob");
        apply("owner", Samples.publish("d", first).encode());
        apply("owner", Samples.publish("d", first).encode());
        final Publish other = Samples.publish("e", first);
        apply("owner", new Publish(other.nonce(), other.dataset(), other.ownerBox(), other.blobs(),
            other.commitments(), Samples.boxes(5, 1), first, other.parts()).encode());
        apply("owner", Samples.publish("e", contract(2, Rules.NONE, "bob")).encode());
        apply("owner", new Publish(other.nonce(), other.dataset(), other.ownerBox(), other.blobs(),
            other.commitments(), other.shares(), new Contract(1, List.of(new Clause(ChunkRange.all(9), List.of(),
                Rules.NONE))), List.of()).encode());
        final Contract second = contract(2, new Rules(now - HOUR, now + HOUR, 0, 1, true, 1,
            Parties.of("ann", "ben")), "bob", "carol");
        apply("owner", new Grant(DATASET, 1, second, List.of()).encode());
        apply("owner", new Grant(DATASET, 1, second, Samples.parts(first)).encode());
        apply("owner", new Grant(DATASET, 2, second, Samples.parts(second)).encode());
        apply("owner", new Grant(DATASET, 1, new Contract(3, second.clauses()), Samples.parts(second)).encode());
        apply("eve", new Grant(DATASET, 1, second, Samples.parts(second)).encode());
        apply("owner", new Grant(DATASET, 1, second, Samples.parts(second)).encode());
        apply("bob", request(8, 10, "study"));
        apply("eve", request(0, 0, "study"));
        apply("bob", request(0, 0, " "));
        apply("bob", new Request(DATASET, new ChunkRange(0, 0), "study", Hash.ZERO, "").encode());
        ledger.timeMillis = now - HOUR - 1;
        apply("bob", request(0, 0, "study"));
        ledger.timeMillis = now + HOUR + 1;
        apply("bob", request(0, 0, "study"));
        ledger.timeMillis = now;
        apply("dan", request(2, 3, "study"));
        apply("bob", request(0, 1, "study"));
        final TransactionId waits = ledger.last();
        apply("eve", new Approve(waits).encode());
        apply("bob", new Approve(waits).encode());
        apply("ann", new Approve(waits).encode());
        apply("ben", new Approve(waits).encode());
        apply("ann", new Approve(new TransactionId(key("none"), 7)).encode());
        apply("bob", request(0, 1, "study"));
        apply("bob", evidence(waits, 2, 0));
        apply("bob", evidence(waits, 2, 0));
        apply("bob", evidence(waits, 4, 0));
        apply("bob", evidence(new TransactionId(key("none"), 7), 2, 0));
        apply("owner", Revoke.of(DATASET, Set.of(key("nobody"))).encode());
        apply("owner", Revoke.of(DATASET, Set.of(key("bob"))).encode());
        apply("owner", Revoke.of(DATASET, Set.of(key("bob"), key("dan"))).encode());
        apply("eve", Revoke.of(DATASET, Set.of(key("bob"))).encode());
        final Incarnation next = new Incarnation(3, 1, 5, 4);
        apply("member 2", takeOver(next, 0, 1));
        apply("stranger", takeOver(next, 0, 1, 2));
        apply("member 2", takeOver(new Incarnation(7, 1, 5, 4), 0, 1, 2));
        apply("member 2", takeOver(next, 0, 1, 2));
        apply("member 2", takeOver(next, 0, 1, 2));
        apply("member 2", takeOver(new Incarnation(2, 1, 5, 4), 0, 1, 3));
        apply("member 3", takeOver(new Incarnation(3, 1_002, 5, 5), 3));
        apply("member 3", takeOver(new Incarnation(3, 2, 5, 5), 3));
        apply("bob", new byte[] {9});
        apply("bob", new byte[] {(byte) 0xff});
        apply("bob", new byte[] {4, 0});
        golden.assertAreThoseOf("golden-sharing.txt");
    }

    /** Ten chunks for these, but two of them for dan, under an embargo that is over. */
    private Contract contract(final int version, final Rules rules, final String... seekers) {
        return new Contract(version, List.of(new Clause(ChunkRange.all(10), Parties.of(seekers), rules),
            new Clause(new ChunkRange(2, 3), Parties.of("dan"),
                new Rules(0, 0, ledger.timeMillis + HOUR, 0, false, 0, List.of()))));
    }

    private static byte[] request(final int first, final int last, final String purpose) {
        return new Request(DATASET, new ChunkRange(first, last), purpose, key("fresh 1"), "4711").encode();
    }

    private static byte[] evidence(final TransactionId request, final int replica, final int position) {
        return new Evidence(DATASET, request, replica, Evidence.About.OPENER, new SignedOpening(2, position,
            new byte[32], key("root"), new byte[64], new byte[70])).encode();
    }

    private static byte[] takeOver(final Incarnation next, final int... members) {
        return new TakeOver(next, IntStream.of(members).mapToObj(member -> new Word(member,
            LedgerOfContracts.sign(member, next.signedBytes(LedgerOfContracts.CHAIN)))).toList()).encode();
    }

    /** A transaction in a block of its own: its bytes, what came of it, and the keys of the state that it set. */
    private void apply(final String client, final byte[] transaction) {
        final Result result = ledger.apply(client, transaction);
        final String name = "transaction-" + ++transactions;
        golden.put(name + "-of-" + client.replace(' ', '-'), transaction);
        golden.put(name + "-comes-to", (result.code() + " " + result.detail()).strip());
        new TreeMap<>(ledger.values()).forEach((key, value) -> {
            if (!Arrays.equals(seen.put(key, value), value)) {
                golden.put(name + "-state-" + HexFormat.of().formatHex(key.array()), value);
            }
        });
    }
}
