package org.ztp.simulation;

import java.util.List;
import java.util.Optional;
import org.ztp.consensus.Message.SnapshotHere;
import org.ztp.consensus.Message.StateHere;
import org.ztp.consensus.Message.WantState;
import org.ztp.ledger.BlockHeader;
import org.ztp.ledger.Certificate;
import org.ztp.ledger.LedgerState;
import org.ztp.ledger.receipt.Finality;
import org.ztp.ledger.snapshot.SnapshotHead;
import org.ztp.ledger.state.BlockState;
import org.ztp.ledger.state.StateChanges;
import org.ztp.ledger.state.StateTree;

/** Snapshots as a traitor would have them: of a state that never was, or of true ones with false pages. */
final class FalseStates {
    private final World world;
    private Optional<StateTree> invented = Optional.empty();

    FalseStates(final World world) {
        this.world = world;
    }

    /** A snapshot of a state that is almost the traitor's, under a certificate of something else; or the true one. */
    SnapshotHere changed(final SnapshotHere said, final LedgerState own) {
        if (world.random.nextInt(3) == 0) {
            return said;
        }
        final StateTree state = ((BlockState) own).tree().with(new StateChanges(List.of(StateChanges.put(new byte[] {'x'},
            new byte[] {(byte) world.random.nextInt(256)}))));
        final BlockHeader like = said.head().above().header();
        final BlockHeader header = new BlockHeader(like.subCluster(), like.proposer(), like.height(), like.view(),
            like.timeMillis(), like.chain(), like.parent(), like.transactionsRoot(), state.digest(), like.epoch(),
            like.epochRoot(), like.batches(), like.transactions());
        final Certificate above = said.head().above().certificate();
        invented = Optional.of(state);
        return new SnapshotHere(new SnapshotHead(said.head().header(), said.head().epoch(), new Finality(List.of(header),
            new Certificate(above.phase(), above.view(), header.height(), header.hash(), above.votes()))));
    }

    /** A page with something else in it, which looks like one all the same. */
    StateHere changed(final StateHere said) {
        final byte[] page = said.page().clone();
        page[page.length - 1] ^= (byte) (1 << world.random.nextInt(8));
        return new StateHere(said.digest(), said.at(), page);
    }

    /** A page of the state that it has made up, to who asks for that. */
    Optional<StateHere> page(final WantState want) {
        return invented.filter(state -> state.digest().equals(want.digest()))
            .flatMap(state -> state.page(want.at(), StateHere.PAGE_BYTES))
            .map(page -> new StateHere(want.digest(), want.at(), page));
    }
}
