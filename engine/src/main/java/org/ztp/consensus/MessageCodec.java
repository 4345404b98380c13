package org.ztp.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Message.AskView;
import org.ztp.consensus.Message.BatchHere;
import org.ztp.consensus.Message.BlockHere;
import org.ztp.consensus.Message.Certified;
import org.ztp.consensus.Message.FinalBlocks;
import org.ztp.consensus.Message.Opened;
import org.ztp.consensus.Message.Proposed;
import org.ztp.consensus.Message.SnapshotHere;
import org.ztp.consensus.Message.StateHere;
import org.ztp.consensus.Message.Status;
import org.ztp.consensus.Message.TimedOut;
import org.ztp.consensus.Message.ViewIs;
import org.ztp.consensus.Message.Vote;
import org.ztp.consensus.Message.WantBatches;
import org.ztp.consensus.Message.WantBlock;
import org.ztp.consensus.Message.WantFinal;
import org.ztp.consensus.Message.WantSnapshot;
import org.ztp.consensus.Message.WantState;
import org.ztp.ledger.Batch;
import org.ztp.ledger.BatchRef;
import org.ztp.ledger.Block;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.Phase;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.StatePath;
import org.ztp.wire.Hash;
import org.ztp.wire.WireReader;
import org.ztp.wire.WireWriter;

/** Messages as bytes: one byte of kind, then the fields. Any bytes may be decoded; each message has one encoding. */
public final class MessageCodec {
    /** Most bytes of an encoded batch inside a message. */
    public static final int MAX_BATCH_BYTES = 128 << 20;

    private MessageCodec() {
    }

    /** Appends a message. */
    public static void encode(final Message message, final WireWriter out) {
        if (message instanceof BatchHere here) {
            out.u8(1);
            here.ref().encode(out);
            here.batch().encode(out.u32(here.batch().length()));
        } else if (message instanceof Proposed proposed) {
            out.u8(2);
            proposed.proposal().encode(out);
        } else if (message instanceof Vote vote) {
            out.u8(3).u8(vote.phase().code()).u64(vote.view()).u64(vote.height()).hash(vote.block())
                .raw(vote.signature());
        } else if (message instanceof Certified certified) {
            out.u8(4);
            certified.certificate().encode(out);
        } else if (message instanceof TimedOut timedOut) {
            out.u8(5);
            timedOut.vote().encode(out);
            timedOut.high().encode(out);
            out.flag(timedOut.entry().isPresent());
            timedOut.entry().ifPresent(entry -> entry.encode(out));
        } else if (message instanceof Status status) {
            out.u8(6).u64(status.view()).u64(status.finalHeight()).u64(status.highView()).u64(status.highHeight())
                .flag(status.mute()).flag(status.gap());
        } else {
            encodeFetch(message, out);
        }
    }

    private static void encodeFetch(final Message message, final WireWriter out) {
        if (message instanceof WantBatches want) {
            out.u8(7).u32(want.roots().size());
            want.roots().forEach(out::hash);
        } else if (message instanceof WantBlock want) {
            out.u8(8).hash(want.block());
        } else if (message instanceof BlockHere here) {
            out.u8(9);
            here.block().encode(out);
        } else if (message instanceof WantFinal want) {
            out.u8(10).u64(want.fromHeight());
        } else if (message instanceof FinalBlocks blocks) {
            out.u8(11).u32(blocks.blocks().size());
            blocks.blocks().forEach(block -> encode(block, out));
            out.flag(blocks.above().isPresent());
            blocks.above().ifPresent(above -> above.encode(out));
        } else if (message instanceof Opened opened) {
            out.u8(12);
            opened.entry().encode(out);
            opened.high().encode(out);
        } else if (message instanceof AskView ask) {
            out.u8(13).u64(ask.nonce());
        } else if (message instanceof ViewIs is) {
            out.u8(14).u64(is.nonce()).u64(is.view());
        } else {
            encodeSnapshot(message, out);
        }
    }

    private static void encodeSnapshot(final Message message, final WireWriter out) {
        if (message instanceof WantSnapshot) {
            out.u8(15);
        } else if (message instanceof SnapshotHere here) {
            out.u8(16);
            here.head().encode(out);
        } else if (message instanceof WantState want) {
            out.u8(17).hash(want.digest());
            want.at().encode(out);
        } else if (message instanceof StateHere here) {
            out.u8(18).hash(here.digest());
            here.at().encode(out);
            out.bytes32(here.page());
        } else {
            throw new IllegalArgumentException("no encoding for " + message);
        }
    }

    private static void encode(final FinalBlock block, final WireWriter out) {
        block.block().encode(out);
        for (final Batch batch : block.batches()) {
            batch.encode(out.u32(batch.length()));
        }
        out.flag(block.certificate().isPresent());
        block.certificate().ifPresent(certificate -> certificate.encode(out));
    }

    /** Bytes of an encoded batch. */
    public static int size(final BatchHere here) {
        return 1 + BatchRef.BYTES + Integer.BYTES + here.batch().length();
    }

    /** Reads one message; empty if the bytes are none. Nothing of it lies in the array. */
    public static Optional<Message> decode(final byte[] bytes, final int offset, final int length) {
        return decode(bytes, offset, length, false);
    }

    /**
     * Reads one message, as {@link #decode(byte[], int, int)}.
     *
     * @param given whether the array is the message's from now on: then a batch's bytes stay where they are
     */
    public static Optional<Message> decode(final byte[] bytes, final int offset, final int length, final boolean given) {
        final WireReader in = new WireReader(bytes, offset, length);
        final Message message = decode(in, given ? bytes : null);
        return in.finished() && message != null ? Optional.of(message) : Optional.empty();
    }

    private static Message decode(final WireReader in, final byte[] given) {
        switch (in.u8()) {
            case 1:
                final BatchRef ref = BatchRef.decode(in);
                final Batch batch = given == null ? batch(in, ref.bytes()) : batch(in, ref.bytes(), given);
                return batch == null ? null : new BatchHere(ref, batch);
            case 2:
                return new Proposed(Proposal.decode(in));
            case 3:
                return vote(in);
            case 4:
                return new Certified(Certificate.decode(in));
            case 5:
                return new TimedOut(TimeoutVote.decode(in), Certificate.decode(in),
                    in.flag() ? Optional.of(TimeoutCertificate.decode(in)) : Optional.empty());
            case 6:
                return new Status(in.u64(), in.u64(), in.u64(), in.u64(), in.flag(), in.flag());
            case 7:
                return wantBatches(in);
            case 8:
                return new WantBlock(in.hash());
            case 9:
                return new BlockHere(Block.decode(in));
            case 10:
                return new WantFinal(in.u64());
            case 11:
                return finalBlocks(in);
            case 12:
                return new Opened(TimeoutCertificate.decode(in), Certificate.decode(in));
            case 13:
                return new AskView(in.u64());
            case 14:
                return new ViewIs(in.u64(), in.u64());
            case 15:
                return new WantSnapshot();
            case 16:
                return new SnapshotHere(SnapshotHead.decode(in));
            case 17:
                return new WantState(in.hash(), StatePath.decode(in));
            case 18:
                return new StateHere(in.hash(), StatePath.decode(in), in.bytes32(StateHere.PAGE_BYTES_MAX));
            default:
                return null;
        }
    }

    private static Message vote(final WireReader in) {
        final int phase = in.u8();
        in.require(phase == Phase.PREPARE.code() || phase == Phase.COMMIT.code());
        return new Vote(phase == Phase.COMMIT.code() ? Phase.COMMIT : Phase.PREPARE, in.u64(), in.u64(), in.hash(),
            in.raw(Certificate.Signature.BYTES));
    }

    private static Message wantBatches(final WireReader in) {
        final int count = in.count(WantBatches.MAX);
        final List<Hash> roots = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            roots.add(in.hash());
        }
        return new WantBatches(List.copyOf(roots));
    }

    private static Message finalBlocks(final WireReader in) {
        final int count = in.count(FinalBlocks.MAX);
        final List<FinalBlock> blocks = new ArrayList<>();
        for (int i = 0; i < count && !in.failed(); i++) {
            final Block block = Block.decode(in);
            final List<Batch> batches = new ArrayList<>();
            for (final BatchRef ref : block.batches()) {
                final Batch batch = batch(in, ref.bytes());
                if (batch == null) {
                    return null;
                }
                batches.add(batch);
            }
            blocks.add(new FinalBlock(block, batches,
                in.flag() ? Optional.of(Certificate.decode(in)) : Optional.empty()));
        }
        return new FinalBlocks(List.copyOf(blocks), in.flag() ? Optional.of(Finality.decode(in)) : Optional.empty());
    }

    /** The same where it lies. */
    private static Batch batch(final WireReader in, final int expectedBytes, final byte[] given) {
        final int length = in.span32(MAX_BATCH_BYTES);
        return in.failed() || length != expectedBytes ? null
            : Batch.parse(given, in.position() - length, length).orElse(null);
    }

    private static Batch batch(final WireReader in, final int expectedBytes) {
        final byte[] bytes = in.bytes32(MAX_BATCH_BYTES);
        return in.failed() || bytes.length != expectedBytes ? null : Batch.parse(bytes, bytes.length).orElse(null);
    }
}
