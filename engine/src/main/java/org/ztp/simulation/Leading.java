package org.ztp.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ztp.consensus.Proposal;
import org.ztp.consensus.TimeoutCertificate;
import org.ztp.wire.Hash;

/** What a traitor that leads makes of the proposals of its core. */
final class Leading {
    private final World world;
    private final FalseBlocks blocks;
    private final FalseEntries entries;
    private final FalseHeads heads;
    private final Map<Hash, Integer> sideOf = new HashMap<>();
    private Hash planned = Hash.ZERO;
    private Plan plan = Plan.HONEST;
    private Optional<Proposal> other = Optional.empty();

    /** What it does with one proposal. */
    private enum Plan {
        HONEST, ONE_FOR_EACH_SIDE, BOTH_FOR_ALL, PHANTOM, OMITTING, REPEATED, IRREGULAR, OLD_PARENT, FALSE_ENTRY,
        UNREACHABLE_LOCK, FALSE_EPOCH
    }

    Leading(final World world, final FalseBlocks blocks, final FalseEntries entries, final FalseHeads heads) {
        this.world = world;
        this.blocks = blocks;
        this.entries = entries;
        this.heads = heads;
    }

    /** What it proposes to a peer that is on a side just now. */
    List<Proposal> proposals(final Proposal proposal, final Hash finalBlock, final int side) {
        if (!planned.equals(proposal.block().hash())) {
            planned = proposal.block().hash();
            plan(proposal, finalBlock);
        }
        return switch (plan) {
            case ONE_FOR_EACH_SIDE -> List.of(side == 0 ? proposal : other.orElseThrow());
            case BOTH_FOR_ALL -> world.random.nextBoolean() ? List.of(proposal, other.orElseThrow())
                : List.of(other.orElseThrow(), proposal);
            case HONEST -> List.of(proposal);
            default -> List.of(other.orElse(proposal));
        };
    }

    private void plan(final Proposal proposal, final Hash finalBlock) {
        final Set<Treason> deeds = world.faults.treachery().deeds();
        final List<Plan> plans = new ArrayList<>(List.of(Plan.HONEST));
        if (deeds.contains(Treason.EQUIVOCATION)) {
            plans.addAll(List.of(Plan.ONE_FOR_EACH_SIDE, Plan.ONE_FOR_EACH_SIDE, Plan.BOTH_FOR_ALL));
        }
        if (deeds.contains(Treason.PHANTOM_BATCHES)) {
            plans.add(Plan.PHANTOM);
        }
        if (deeds.contains(Treason.REPEATED_BATCHES)) {
            plans.add(Plan.REPEATED);
        }
        if (deeds.contains(Treason.FALSE_HEADER)) {
            plans.addAll(Collections.nCopies(8, Plan.IRREGULAR));
        }
        if (deeds.contains(Treason.OLD_PARENT) && proposal.entry().isPresent()) {
            plans.addAll(List.of(Plan.OLD_PARENT, Plan.OLD_PARENT, Plan.OLD_PARENT, Plan.OLD_PARENT));
        }
        if (deeds.contains(Treason.FALSE_ENTRY)) {
            plans.add(Plan.FALSE_ENTRY);
        }
        if (deeds.contains(Treason.UNREACHABLE_LOCK) && proposal.entry().isPresent()) {
            plans.addAll(List.of(Plan.UNREACHABLE_LOCK, Plan.UNREACHABLE_LOCK));
        }
        if (deeds.contains(Treason.FALSE_HEADS)) {
            plans.addAll(List.of(Plan.FALSE_EPOCH, Plan.FALSE_EPOCH));
        }
        plan = deeds.contains(Treason.OMISSION) ? Plan.OMITTING : plans.get(world.random.nextInt(plans.size()));
        world.count("proposals of traitors: " + plan);
        other = switch (plan) {
            case HONEST -> Optional.empty();
            case ONE_FOR_EACH_SIDE, BOTH_FOR_ALL -> Optional.of(blocks.rival(proposal));
            case PHANTOM -> Optional.of(blocks.phantom(proposal));
            case OMITTING -> Optional.of(blocks.withoutSome(proposal));
            case REPEATED -> blocks.repeated(proposal);
            case IRREGULAR -> Optional.of(blocks.irregular(proposal));
            case OLD_PARENT -> oldParent(proposal.view(), finalBlock);
            case FALSE_EPOCH -> heads.epoch().map(epoch -> blocks.withEpoch(proposal, epoch));
            case FALSE_ENTRY -> Optional.of(enteredBy(proposal, entries.altered(proposal.view() - 1)));
            case UNREACHABLE_LOCK -> entries.unreachable(proposal.view() - 1)
                .map(entry -> enteredBy(proposal, Optional.of(entry)));
        };
        if (plan == Plan.ONE_FOR_EACH_SIDE || plan == Plan.BOTH_FOR_ALL) {
            world.onEquivocation.run();
        }
        if (plan == Plan.ONE_FOR_EACH_SIDE) {
            sideOf.put(proposal.block().hash(), 0);
            sideOf.put(other.orElseThrow().block().hash(), 1);
        }
    }

    private static Proposal enteredBy(final Proposal proposal, final Optional<TimeoutCertificate> entry) {
        return new Proposal(proposal.block(), proposal.justify(), entry, proposal.signature());
    }

    private Optional<Proposal> oldParent(final long view, final Hash finalBlock) {
        final boolean redated = world.faults.treachery().deeds().contains(Treason.REDATED_CERTIFICATES)
            && world.random.nextInt(3) == 0;
        return blocks.onOldParent(view, finalBlock, redated, entries.opening(view));
    }

    /** Whether a certificate of a block is kept from those on a side, who were told of another. */
    boolean isHidden(final Hash block, final int side) {
        return !world.isHealed() && sideOf.getOrDefault(block, side) != side;
    }
}
