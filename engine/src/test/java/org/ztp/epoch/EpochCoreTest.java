package org.ztp.epoch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ztp.epoch.EpochMessage.Answer;
import org.ztp.epoch.EpochMessage.Ask;
import org.ztp.epoch.EpochMessage.Made;
import org.ztp.epoch.EpochMessage.Word;
import org.ztp.ledger.Samples;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.epoch.EpochHead;
import org.ztp.ledger.epoch.SampleEpochs;
import org.ztp.wire.WireWriter;

final class EpochCoreTest {
    private static List<Long> heights(final Epoch epoch) {
        return epoch.heads().stream().map(EpochHead::height).toList();
    }

    private static List<Boolean> carried(final Epoch epoch) {
        return epoch.heads().stream().map(EpochHead::carried).toList();
    }

    private static void assertAllKnow(final SimulatedNodes nodes) {
        final Epoch expected = nodes.newest(0).orElseThrow();
        for (int i = 0; i < nodes.heights.length; i++) {
            assertEquals(nodes.heights[i], expected.heads().get(i).height(), "sub-cluster " + i);
            assertEquals(expected.root(), nodes.newest(i).orElseThrow().root(), "node " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 25})
    void allNodesKnowOneEpochOfAllHeads(final int count) {
        final SimulatedNodes nodes = new SimulatedNodes(count, 1);
        for (int i = 0; i < count; i++) {
            nodes.grow(i, i + 1);
        }
        nodes.run(2);
        assertAllKnow(nodes);
        assertFalse(carried(nodes.newest(0).orElseThrow()).contains(true));
        final int before = nodes.known(0).size();
        nodes.run(5);
        assertEquals(before, nodes.known(0).size(), "nothing has grown");
        nodes.grow(count - 1, 1);
        nodes.run(2);
        assertAllKnow(nodes);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 25})
    void aSilentSubClusterIsCarriedOnAndComesBack(final int count) {
        final SimulatedNodes nodes = new SimulatedNodes(count, 2);
        for (int i = 0; i < count; i++) {
            nodes.grow(i, 4);
        }
        nodes.run(2);
        nodes.down.add(1);
        nodes.grow(0, 1);
        nodes.run(2);
        final Epoch without = nodes.newest(0).orElseThrow();
        assertEquals(5, without.heads().get(0).height());
        assertEquals(4, without.heads().get(1).height());
        assertEquals(List.of(false, true, false), carried(without).subList(0, 3));
        nodes.start(1);
        nodes.grow(1, 3);
        nodes.run(2);
        assertAllKnow(nodes);
        assertFalse(nodes.newest(0).orElseThrow().heads().get(1).carried());
    }

    @Test
    void aSubClusterThatSaysItIsStalledIsMarked() {
        final SimulatedNodes nodes = new SimulatedNodes(3, 3);
        nodes.step(2, new EpochEvent.Standing(2, true));
        nodes.grow(0, 1);
        nodes.grow(2, 1);
        nodes.run(2);
        assertEquals(List.of(false, false, true), carried(nodes.newest(0).orElseThrow()));
        nodes.step(2, new EpochEvent.Standing(2, false));
        nodes.grow(0, 1);
        nodes.run(2);
        assertEquals(List.of(false, false, false), carried(nodes.newest(0).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 25})
    void anotherNodeCollectsWhenTheFirstIsOutAndStopsWhenItIsBack(final int count) {
        final SimulatedNodes nodes = new SimulatedNodes(count, 4);
        nodes.down.add(0);
        for (int i = 1; i < count; i++) {
            nodes.grow(i, 1);
        }
        nodes.run(8);
        assertEquals(count - 1, nodes.newest(count - 1).orElseThrow().number());
        nodes.start(0);
        nodes.grow(0, 7);
        nodes.run(4);
        assertAllKnow(nodes);
    }

    @Test
    void aCollectorThatTellsNobodyHoldsBackNobodyForLong() {
        final SimulatedNodes nodes = new SimulatedNodes(5, 5);
        nodes.suppressing.add(0);
        for (int round = 0; round < 3; round++) {
            nodes.grow(3, 1);
            nodes.run(10);
            assertEquals(round + 1, nodes.newest(4).orElseThrow().heads().get(3).height());
        }
    }

    @Test
    void underLossOfManySeedsEpochsGoOnAndInTheEndCoverAll() {
        for (long seed = 1; seed <= 200; seed++) {
            final Random random = new Random(seed);
            final SimulatedNodes nodes = new SimulatedNodes(2 + random.nextInt(6), seed);
            nodes.loss = random.nextDouble() * 0.6;
            for (int i = 0; i < 20; i++) {
                final int one = random.nextInt(nodes.heights.length);
                if (random.nextInt(8) == 0 && nodes.down.isEmpty()) {
                    nodes.down.add(one);
                } else if (random.nextInt(3) == 0) {
                    List.copyOf(nodes.down).forEach(nodes::start);
                }
                nodes.grow(one, 1 + random.nextInt(3));
                nodes.run(random.nextDouble() * 2);
            }
            nodes.loss = 0;
            List.copyOf(nodes.down).forEach(nodes::start);
            nodes.run(15);
            final long all = Arrays.stream(nodes.heights).sum();
            for (int i = 0; i < nodes.heights.length; i++) {
                assertEquals(all, nodes.newest(i).orElseThrow().number(), "seed " + seed + " node " + i);
            }
            assertTrue(nodes.faults.isEmpty(), "seed " + seed + ": " + nodes.faults);
        }
    }

    @Test
    void whatIsNotCertifiedIsNotTakenAndItsSenderIsNamed() {
        final SimulatedNodes nodes = new SimulatedNodes(3, 6);
        nodes.grow(0, 1);
        nodes.run(1.2);
        final Epoch before = nodes.newest(1).orElseThrow();
        final List<EpochHead> forged = new ArrayList<>(SampleEpochs.epoch(5, 5, 5).heads());
        forged.set(1, new EpochHead(false, SampleEpochs.certificate(0, 5)));
        nodes.step(1, new EpochEvent.Received(2, new Made(forged)));
        nodes.step(1, new EpochEvent.Received(2, new Made(List.of())));
        nodes.step(1, new EpochEvent.Received(2, new Ask(1, List.of(1L))));
        nodes.step(1, new EpochEvent.Received(77, new Made(SampleEpochs.epoch(6, 6, 6).heads())));
        assertEquals(before.root(), nodes.newest(1).orElseThrow().root());
        assertEquals(List.of(2, 2, 2), nodes.faults.stream().map(EpochAction.Fault::node).toList());
    }

    @Test
    void aForgedAnswerIsNotTaken() {
        final EpochCore core = new EpochCore(new EpochSetting(Samples.CHAIN, SampleEpochs.voters(2), 0, List.of(0, 1),
            List.of(0), SimulatedNodes.INTERVAL_NS));
        final List<EpochAction> actions = new ArrayList<>();
        core.step(0, new EpochEvent.Final(0, SampleEpochs.certificate(0, 1)), actions);
        core.step(1, new EpochEvent.Received(1, new Answer(1, 0, List.of(new Word(1, false,
            Optional.of(SampleEpochs.certificate(0, 9)))))), actions);
        core.step(SimulatedNodes.INTERVAL_NS / 2, new EpochEvent.Tick(), actions);
        assertEquals(List.of(1L, 0L), heights(core.newest().orElseThrow()));
        assertTrue(actions.stream().anyMatch(EpochAction.Fault.class::isInstance));
    }

    @Test
    void whatChainsNamedIsRememberedAcrossARestart() {
        final EpochCore core = new EpochCore(new EpochSetting(Samples.CHAIN, SampleEpochs.voters(2), 0, List.of(0),
            List.of(0, 1), SimulatedNodes.INTERVAL_NS));
        final List<EpochAction> actions = new ArrayList<>();
        core.step(0, new EpochEvent.Named(SampleEpochs.epoch(4, 2)), actions);
        core.step(1, new EpochEvent.Final(0, SampleEpochs.certificate(0, 3)), actions);
        core.step(2, new EpochEvent.Tick(), actions);
        assertEquals(List.of(4L, 2L), heights(core.newest().orElseThrow()));
        assertEquals(1, actions.size());
    }

    @Test
    void messagesHaveOneEncoding() {
        for (final EpochMessage message : List.of(new Ask(3, List.of(1L, 2L)), new Made(
            SampleEpochs.epoch(3, 0).heads()), new Answer(4, 7, List.of(new Word(0, true, Optional.empty()),
                new Word(2, false, Optional.of(SampleEpochs.certificate(2, 8))))))) {
            final WireWriter out = new WireWriter();
            EpochCodec.encode(message, out);
            final byte[] bytes = out.toBytes();
            final WireWriter again = new WireWriter();
            EpochCodec.encode(EpochCodec.decode(bytes, 0, bytes.length).orElseThrow(), again);
            assertArrayEquals(bytes, again.toBytes());
            for (int length = 0; length < bytes.length; length++) {
                assertTrue(EpochCodec.decode(bytes, 0, length).isEmpty());
            }
        }
    }

    @Test
    void anyBytesAreAMessageOrNone() {
        final Random random = new Random(7);
        for (int i = 0; i < 50_000; i++) {
            final byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) random.nextInt(5);
            }
            EpochCodec.decode(bytes, 0, bytes.length).ifPresent(message -> {
                final WireWriter out = new WireWriter();
                EpochCodec.encode(message, out);
                assertArrayEquals(bytes, out.toBytes());
            });
        }
    }
}
