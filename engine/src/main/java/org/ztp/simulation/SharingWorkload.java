package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.ztp.cluster.SubClusters;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Approve;
import org.ztp.contract.transaction.Evidence;
import org.ztp.contract.transaction.Grant;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.Revoke;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;

/** Clients that do all that clients can do, in any order, also what they may not. */
final class SharingWorkload {
    private static final int OWNERS = 3;
    private static final int SEEKERS = 4;
    private static final int APPROVERS = 2;
    private static final int MOST_DATASETS = 30;

    private final Allocation world;
    private final SharingModel model;
    private final List<Party> owners;
    private final List<Party> seekers;
    private final List<Party> approvers;
    private final List<Shared> datasets = new ArrayList<>();
    private final List<Submitted> requests = new ArrayList<>();

    /** A dataset and who published it. */
    private record Shared(SharedDataset dataset, Party owner, Hash id) { }

    SharingWorkload(final Allocation world, final SharingModel model) {
        this.world = world;
        this.model = model;
        owners = parties(OWNERS);
        seekers = parties(SEEKERS);
        approvers = parties(APPROVERS);
    }

    private List<Party> parties(final int count) {
        final List<Party> parties = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parties.add(new Party(world));
        }
        return parties;
    }

    private <T> T any(final List<T> of) {
        return of.get(world.random.nextInt(of.size()));
    }

    /** The next thing that somebody does. */
    Submitted next() {
        final int chance = world.random.nextInt(100);
        if (datasets.isEmpty() || chance < 8 && datasets.size() < MOST_DATASETS) {
            return publish();
        } else if (chance < 50) {
            return records();
        } else if (chance < 76) {
            return request();
        } else if (chance < 87 && !requests.isEmpty()) {
            return approve();
        } else if (chance < 94) {
            return grant();
        }
        return revoke();
    }

    private boolean dies() {
        return world.random.nextInt(12) == 0;
    }

    private Submitted submitted(final Party by, final int home, final Object what, final byte[] bytes,
                                final SharedDataset about, final X25519PrivateKey fresh) {
        return new Submitted(by, home, what, about, fresh, dies(), by.sign(home, bytes));
    }

    private Submitted records() {
        final Party by = any(seekers);
        final int home = world.random.nextInt(world.groups.size());
        final byte[][] records = new byte[1 + world.random.nextInt(3)][];
        for (int i = 0; i < records.length; i++) {
            records[i] = new RecordTransaction("", "", world.randomness.bytes(1 + world.random.nextInt(100))).encode();
        }
        return new Submitted(by, home, null, null, null, dies(), by.sign(home, records));
    }

    private Rules rules() {
        return switch (world.random.nextInt(4)) {
            case 0 -> new Rules(0, 0, 0, 0, false, 1 + world.random.nextInt(APPROVERS), Identity.sorted(
                approvers.stream().map(one -> Identity.of(one.key, "")).toList()));
            case 1 -> new Rules(0, 0, 0, 1 + world.random.nextInt(2), false, 0, List.of());
            case 2 -> new Rules(0, 0, 0, 0, true, 0, List.of());
            default -> Rules.NONE;
        };
    }

    private static Contract contract(final int version, final Iterable<Hash> keys, final Rules rules) {
        final List<Identity> named = new ArrayList<>();
        keys.forEach(key -> named.add(Identity.of(key, "")));
        return new Contract(version, List.of(new Clause(ChunkRange.all(SharedDataset.CHUNKS), Identity.sorted(named),
            rules)));
    }

    /** One time in eight it goes to the wrong sub-cluster, which must refuse it. */
    private Submitted publish() {
        final Party owner = any(owners);
        SharedDataset dataset = new SharedDataset(world, world.random.nextInt(world.groups.size()));
        Hash id = Publish.id(world.chain, owner.key, dataset.nonce);
        while (SubClusters.homeOf(id, world.groups.size()) != dataset.subCluster) {
            dataset = new SharedDataset(world, dataset.subCluster);
            id = Publish.id(world.chain, owner.key, dataset.nonce);
        }
        final TreeSet<Hash> first = new TreeSet<>(List.of(any(seekers).key, any(seekers).key));
        final List<SeekerPart> parts = first.stream().map(dataset::part).toList();
        final Publish publish = dataset.publish(contract(1, first, rules()), parts);
        final int size = world.groups.size();
        final boolean wrong = size > 1 && world.random.nextInt(8) == 0
            && world.groups.get((dataset.subCluster + 1) % size).size() == world.groups.get(dataset.subCluster).size();
        final Submitted one = submitted(owner, wrong ? (dataset.subCluster + 1) % size : dataset.subCluster, publish,
            publish.encode(), dataset, null);
        one.place(parts);
        if (!wrong) {
            datasets.add(new Shared(dataset, owner, id));
        }
        return one;
    }

    private Submitted request() {
        final Shared about = any(datasets);
        final X25519PrivateKey fresh = X25519PrivateKey.generate(world.randomness);
        final int first = world.random.nextInt(SharedDataset.CHUNKS);
        final Request request = new Request(about.id, new ChunkRange(first,
            first + world.random.nextInt(SharedDataset.CHUNKS - first)), world.random.nextBoolean() ? "study" : "",
            Hash.of(fresh.publicKey().bytes()), "");
        final List<Party> named = seekers.stream().filter(one -> model.agreement(about.owner.key, about.dataset.nonce)
            .filter(agreement -> agreement.seekers.contains(one.key)).isPresent()).toList();
        final Party by = named.isEmpty() || world.random.nextInt(4) == 0 ? any(seekers) : any(named);
        final Submitted one = submitted(by, about.dataset.subCluster, request, request.encode(), about.dataset,
            fresh);
        requests.add(one);
        return one;
    }

    private Submitted approve() {
        final List<Submitted> waiting = requests.stream().filter(one -> model.isPending(one.transaction())).toList();
        final Submitted request = any(waiting.isEmpty() || world.random.nextInt(4) == 0 ? requests : waiting);
        final Approve approve = new Approve(request.transaction());
        return submitted(world.random.nextInt(8) == 0 ? any(seekers) : any(approvers), request.home(), approve,
            approve.encode(), request.dataset(), null);
    }

    /** What its owner, or now and then somebody else, knows of a contract: the latest version, or the one before. */
    private Party whoever(final Shared about) {
        return world.random.nextInt(8) == 0 ? any(owners) : about.owner;
    }

    private Submitted grant() {
        final Shared about = any(datasets);
        final Optional<SharingModel.Agreement> known = model.agreement(about.owner.key, about.dataset.nonce);
        final TreeSet<Hash> named = new TreeSet<>();
        known.ifPresent(agreement -> named.addAll(agreement.seekers));
        final Hash added = any(seekers).key;
        final List<SeekerPart> parts = named.add(added) ? List.of(about.dataset.part(added)) : List.of();
        final int version = Math.max(1, known.map(agreement -> agreement.version).orElse(1)
            - world.random.nextInt(8) / 7);
        final Grant grant = new Grant(about.id, version, contract(version + 1, named, rules()), parts);
        final Submitted one = submitted(whoever(about), about.dataset.subCluster, grant, grant.encode(), about.dataset,
            null);
        one.place(parts);
        return one;
    }

    private Submitted revoke() {
        final Shared about = any(datasets);
        final Revoke revoke = Revoke.of(about.id, List.of(any(seekers).key));
        return submitted(whoever(about), about.dataset.subCluster, revoke, revoke.encode(), about.dataset, null);
    }

    /** A seeker records that a replica gave a wrong share. */
    Submitted evidence(final Submitted request, final Evidence evidence) {
        final Party by = request.by();
        return new Submitted(by, request.home(), evidence, request.dataset(), null, false,
            by.sign(request.home(), evidence.encode()));
    }
}
