package org.ztp.ledger.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Block;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.Samples;
import org.ztp.ledger.Voters;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

final class EpochsTest {
    private final List<Voters> voters = SampleEpochs.voters(3);

    private static Block block(final long number, final Hash root, final Epoch held) {
        return Block.of(new BlockHeader(0, 0, 9, 9, 0, Samples.CHAIN, Hash.ZERO, Hash.ZERO, Hash.ZERO, number, root, 0,
            0), List.of(), Optional.ofNullable(held));
    }

    private static Block naming(final Epoch epoch) {
        return block(epoch.number(), epoch.root(), epoch);
    }

    private static Epoch with(final Epoch epoch, final int place, final EpochHead head) {
        final List<EpochHead> heads = new ArrayList<>(epoch.heads());
        heads.set(place, head);
        return Epoch.of(Samples.CHAIN, heads).orElseThrow();
    }

    private static byte[] bytes(final Block block) {
        final WireWriter out = new WireWriter();
        block.encode(out);
        return out.toBytes();
    }

    @Test
    void theNumberIsTheSumOfTheHeightsAndTheRootCoversAllOfIt() {
        final Epoch epoch = SampleEpochs.epoch(3, 0, 4);
        assertEquals(7, epoch.number());
        assertNotEquals(epoch.root(), SampleEpochs.epoch(4, 0, 3).root());
        assertNotEquals(epoch.root(), with(epoch, 0, new EpochHead(true, epoch.heads().get(0).certificate())).root());
        assertNotEquals(epoch.root(), Epoch.of(Hash.ZERO, epoch.heads()).orElseThrow().root());
        assertEquals(epoch.root(), SampleEpochs.epoch(3, 0, 4).root());
    }

    @Test
    void headsThatMakeNoEpochAreRefused() {
        assertTrue(Epoch.of(Samples.CHAIN, List.of()).isEmpty());
        assertTrue(Epoch.of(Samples.CHAIN, List.of(SampleEpochs.head(0, 5))).isEmpty(), "a single chain");
        assertTrue(Epoch.of(Samples.CHAIN, List.of(SampleEpochs.head(0, 0), SampleEpochs.head(1, 0))).isEmpty());
        final EpochHead far = SampleEpochs.head(0, Long.MAX_VALUE);
        assertTrue(Epoch.of(Samples.CHAIN, List.of(far, SampleEpochs.head(1, 1))).isEmpty(), "2^63 blocks");
        assertTrue(Epoch.of(Samples.CHAIN, List.of(far, far, SampleEpochs.head(1, 5))).isEmpty(), "2^64 blocks");
    }

    @Test
    void aBlockKeepsItsEpochInBytesAndNoOtherBytesAreThatBlock() {
        final byte[] bytes = bytes(naming(SampleEpochs.epoch(3, 0, 4)));
        final WireReader in = new WireReader(bytes);
        final Block read = Block.decode(in);
        assertTrue(in.finished());
        assertEquals(SampleEpochs.epoch(3, 0, 4).root(), read.epoch().orElseThrow().root());
        assertEquals(Optional.empty(), Epochs.check(read, Optional.empty(), voters));
        for (int length = 0; length < bytes.length; length++) {
            final WireReader cut = new WireReader(bytes, 0, length);
            Block.decode(cut);
            assertFalse(cut.finished(), "length " + length);
        }
        for (int at = BlockHeader.BYTES; at < bytes.length; at++) {
            final byte[] altered = bytes.clone();
            altered[at] ^= 1;
            final WireReader other = new WireReader(altered);
            final Block block = Block.decode(other);
            assertTrue(!other.finished() || Epochs.check(block, Optional.empty(), voters).isPresent(), "byte " + at);
        }
    }

    @Test
    void aBlockThatHoldsAnotherEpochThanItNamesIsNone() {
        final Epoch epoch = SampleEpochs.epoch(3, 0, 4);
        for (final Block wrong : List.of(block(8, epoch.root(), epoch), block(7, Hash.ZERO, epoch))) {
            assertTrue(Epochs.check(wrong, Optional.empty(), voters).isPresent());
            final WireReader in = new WireReader(bytes(wrong));
            Block.decode(in);
            assertFalse(in.finished());
        }
    }

    @Test
    void aBlockNamesTheLastEpochOrHoldsANewOne() {
        final Epoch last = SampleEpochs.epoch(3, 1, 4);
        final Optional<Epoch> before = Optional.of(last);
        assertEquals(Optional.empty(), Epochs.check(block(0, Hash.ZERO, null), Optional.empty(), voters));
        assertEquals(Optional.empty(), Epochs.check(block(last.number(), last.root(), null), before, voters));
        assertEquals(Optional.empty(), Epochs.check(naming(SampleEpochs.epoch(3, 2, 4)), before, voters));
        assertTrue(Epochs.check(block(0, Hash.ZERO, null), before, voters).isPresent(), "forgets");
        assertTrue(Epochs.check(block(9, Hash.sha256(), null), before, voters).isPresent(), "does not hold it");
        assertTrue(Epochs.check(naming(last), before, voters).isPresent(), "again");
        assertTrue(Epochs.check(naming(SampleEpochs.epoch(3, 0, 9)), before, voters).isPresent(), "a head goes back");
        assertTrue(Epochs.check(naming(SampleEpochs.epoch(3, 1)), before, voters).isPresent(), "a head is gone");
    }

    @Test
    void atOneHeightAChainHasOneBlock() {
        final Epoch last = SampleEpochs.epoch(3, 1, 4);
        final Epoch forked = with(SampleEpochs.epoch(3, 2, 4), 0, new EpochHead(false,
            SampleEpochs.certificate(0, 3, Phase.COMMIT, Hash.sha256())));
        assertFalse(forked.follows(last));
        assertTrue(SampleEpochs.epoch(3, 2, 4).follows(last));
    }

    @Test
    void eachHeadIsCertifiedByItsOwnSubCluster() {
        final Epoch good = SampleEpochs.epoch(3, 1, 4);
        final Certificate own = good.heads().get(1).certificate();
        final List<Certificate> bad = List.of(
            SampleEpochs.certificate(0, 5),
            SampleEpochs.certificate(1, 5, Phase.PREPARE, SampleEpochs.block(1, 5)),
            new Certificate(Phase.COMMIT, 5, 5, own.block(), own.votes()),
            new Certificate(Phase.COMMIT, own.view(), own.height(), own.block(), own.votes().subList(0, 2)),
            new Certificate(Phase.COMMIT, own.view(), own.height(), own.block(), List.of(own.votes().get(0),
                own.votes().get(0), own.votes().get(1))),
            new Certificate(Phase.PREPARE, 0, 0, Hash.sha256(), List.of()));
        assertEquals(Optional.empty(), Epochs.checkHeads(good, Optional.empty(), voters));
        for (final Certificate one : bad) {
            final Epoch wrong = with(good, 1, new EpochHead(false, one));
            assertTrue(Epochs.checkHeads(wrong, Optional.empty(), voters).isPresent(), one.toString());
            assertTrue(Epochs.checkHeads(wrong, Optional.of(good), voters).isPresent(), one.toString());
        }
        assertTrue(Epochs.checkHeads(SampleEpochs.epoch(1, 1), Optional.empty(), voters).isPresent(), "two of three");
    }

    @Test
    void headsThatWereCheckedAreNotCheckedAgain() {
        final int[] checks = new int[1];
        final List<Voters> counting = voters.stream().map(one -> new Voters(one.chain(), one.subCluster(),
            one.members(), one.quorum(), (replica, message, signature) -> {
                checks[0]++;
                return one.signatures().check(replica, message, signature);
            })).toList();
        assertEquals(Optional.empty(), Epochs.checkHeads(SampleEpochs.epoch(3, 2, 4),
            Optional.of(SampleEpochs.epoch(3, 1, 4)), counting));
        assertEquals(3, checks[0], "one certificate");
    }

    @Test
    void anAuditorFindsAHeadThatIsNotOnItsChain() {
        final Epoch epoch = SampleEpochs.epoch(3, 0, 4);
        assertEquals(Optional.empty(), Epochs.checkBlocks(epoch, (subCluster, height) ->
            Optional.of(SampleEpochs.block(subCluster, height))));
        assertTrue(Epochs.checkBlocks(epoch, (subCluster, height) -> subCluster == 2 ? Optional.empty()
            : Optional.of(SampleEpochs.block(subCluster, height))).orElseThrow().contains("sub-cluster 2"));
        assertTrue(Epochs.checkBlocks(epoch, (subCluster, height) ->
            Optional.of(SampleEpochs.block(subCluster, height + 1))).isPresent());
    }

    @Test
    void theMarkOfACarriedHeadTravels() {
        final Epoch epoch = with(SampleEpochs.epoch(3, 1, 4), 2, new EpochHead(true, SampleEpochs.certificate(2, 4)));
        final Block read = Block.decode(new WireReader(bytes(naming(epoch))));
        assertTrue(read.epoch().orElseThrow().heads().get(2).carried());
        assertEquals(Arrays.asList(3L, 1L, 4L), read.epoch().orElseThrow().heads().stream().map(EpochHead::height)
            .toList());
    }
}
