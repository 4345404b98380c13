package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.ztp.consensus.Message;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Samples;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;

class PeerReadingTest {
    private static final int PEER = 2;
    private static final Batch BATCH = Samples.batch(Samples.small(1, 0, 1));

    private final List<Hash> sent = new ArrayList<>();
    private final List<Runnable> readings = new ArrayList<>();
    private final PeerReading reading = new PeerReading(readings::add, (to, parcel) -> sent.add(
        ((Message.BatchHere) ((Parcel.Ordering) parcel).message()).ref().root()));

    private static Optional<Message.BatchHere> ofAMebibyte(final Hash root) {
        return Optional.of(new Message.BatchHere(new BatchRef(root, 1, 1, 1 << 20), BATCH));
    }

    private static List<Hash> roots(final int from, final int to) {
        return IntStream.range(from, to).mapToObj(i -> Hash.sha256(Samples.utf8("batch " + i))).toList();
    }

    private void read() {
        readings.forEach(Runnable::run);
        readings.clear();
    }

    @Test
    void oneQuestionBringsABlocksWorthOfBatchesHoweverManyItNames() {
        final List<Hash> read = new ArrayList<>();
        reading.serveBatches(PEER, roots(0, 1_024), root -> {
            read.add(root);
            return ofAMebibyte(root);
        }, 8 << 20);
        read();
        assertEquals(roots(0, 9), sent);
        assertEquals(sent, read);
    }

    @Test
    void whatIsNotHereIsLeftOutAndOneQuestionOfAPeerIsAnsweredAtATime() {
        final List<Hash> roots = roots(0, 4);
        reading.serveBatches(PEER, roots,
            root -> root.equals(roots.get(1)) ? Optional.empty() : ofAMebibyte(root), 8 << 20);
        reading.serveBatches(PEER, roots(4, 8), PeerReadingTest::ofAMebibyte, 8 << 20);
        read();
        assertEquals(List.of(roots.get(0), roots.get(2), roots.get(3)), sent);
        reading.serveBatches(PEER, roots(4, 5), PeerReadingTest::ofAMebibyte, 0);
        read();
        assertEquals(roots(4, 5), sent.subList(3, 4));
    }
}
