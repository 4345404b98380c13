package org.ztp.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ztp.client.ServiceHandler;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Refused;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.GenesisException;
import org.ztp.cluster.GenesisReplica;
import org.ztp.cluster.GenesisVoters;
import org.ztp.cluster.NodeKey;
import org.ztp.cluster.RestartFiles;
import org.ztp.cluster.SubCluster;
import org.ztp.cluster.SubClusters;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.consensus.Group;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.VerifyKeys;
import org.ztp.epoch.EpochSetting;
import org.ztp.ledger.ClientSignatures;
import org.ztp.ledger.VoteSignatures;
import org.ztp.ledger.Voters;
import org.ztp.ledger.epoch.Epoch;
import org.ztp.ledger.log.LedgerView;
import org.ztp.ledger.state.TransactionRules;
import org.ztp.privacy.SharingRules;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.ReleaseGroup;
import org.ztp.storage.disk.DirectoryLock;
import org.ztp.team.CoreBinding;
import org.ztp.team.Team;
import org.ztp.transport.LocalTransport;
import org.ztp.transport.Network;
import org.ztp.transport.Parcel;
import org.ztp.wire.Hash;

/**
 * The replicas of a cluster's directory that are in this process, sharing one team of threads: all of them, or in a run
 * of many ranks the one of this rank. Any thread may call.
 */
public final class Service implements ServiceHandler, AutoCloseable {
    private static final int CLIENT_KEYS = 4_096;

    private final ClusterDirectory directory;
    private final Configuration configuration;
    private final Options options;
    private final Genesis genesis;
    private final NodeSettings settings;
    private final Hash chain;
    private final List<DirectoryLock> locks = new ArrayList<>();
    private final Optional<Succession> ranks;
    private final List<Integer> here;
    private final Network network;
    private final Team team;
    private final FaultHook faults;
    private final List<ReadingThreads> readers = new ArrayList<>();
    private final Map<Integer, NodeKey> keys = new HashMap<>();
    private final List<GroupNode> groups = new ArrayList<>();
    private final Archives archives;
    private final OrderlyEnd end;
    private final Optional<ClusterDirectory> local;
    private final VoteSignatures votes;
    private final RememberedSignatures remembered;
    private final List<Voters> voters;
    private final Optional<EpochDuty> epochs;
    private final List<SharedThread> threads = new ArrayList<>();
    private Optional<DutyThread> epochThread = Optional.empty();
    private Optional<Relay> relay = Optional.empty();
    private Optional<DutyThread> relayThread = Optional.empty();
    private Router router;
    private final long startedMillis = System.currentTimeMillis();

    /**
     * How a service is started.
     *
     * @param allowFaults whether clients may stop and disturb replicas, for tests
     */
    public record Options(boolean allowFaults) { }

    private Service(final ClusterDirectory directory, final Configuration configuration, final Options options,
                    final Optional<Succession> rank) throws IOException, GenesisException {
        this.directory = directory;
        this.configuration = configuration;
        this.options = options;
        faults = new FaultHook(options.allowFaults() ? PlannedFaults.fromProperty() : PlannedFaults.none());
        end = new OrderlyEnd(faults);
        genesis = directory.readGenesis();
        settings = new NodeSettings(genesis, configuration);
        chain = genesis.chain();
        ranks = rank;
        here = rank.map(one -> List.of(one.seat().join().incarnation().role()))
            .orElseGet(() -> genesis.replicas().stream().map(GenesisReplica::id).toList());
        network = rank.<Network>map(Succession::network).orElseGet(LocalTransport::new);
        votes = GenesisVoters.signatures(genesis);
        remembered = new RememberedSignatures(votes);
        final RestartFiles restarts = new RestartFiles(directory);
        final List<Voters> built = new ArrayList<>();
        for (final Voters one : GenesisVoters.of(genesis)) {
            built.add(restarts.on(new Voters(chain, one.subCluster(), one.members(), one.quorum(), remembered)));
        }
        voters = List.copyOf(built);
        local = configuration.localDirectory().map(node -> ClusterDirectory.onNode(node, chain));
        archives = new Archives(configuration.archiveDirectory(), voters, faults);
        epochs = epochs();
        team = new Team(configuration.threads());
    }

    /**
     * Starts all replicas.
     *
     * @throws IOException if a file cannot be read
     * @throws GenesisException if the genesis is malformed
     * @throws KeyFormatException if a node key is malformed, another's, or readable by others
     * @throws org.ztp.storage.StorageException if the directory is in use, or a disk fails
     */
    public static Service start(final ClusterDirectory directory, final Configuration configuration,
                                final Options options) throws IOException, GenesisException, KeyFormatException {
        return start(directory, configuration, options, Optional.empty());
    }

    /**
     * Starts the replica whose role this rank has; the others are on theirs. What is given stays the caller's, who
     * closes it last; the lock and the key in its seat are the service's, unless it does not start.
     *
     * @param rank the way to them, with its seat taken
     * @throws IOException if a file cannot be read
     * @throws GenesisException if the genesis is malformed
     * @throws KeyFormatException never: the key was read with the seat
     * @throws org.ztp.storage.StorageException if a disk fails
     */
    public static Service start(final ClusterDirectory directory, final Configuration configuration,
                                final Options options, final Succession rank)
            throws IOException, GenesisException, KeyFormatException {
        return start(directory, configuration, options, Optional.of(rank));
    }

    private static Service start(final ClusterDirectory directory, final Configuration configuration,
                                 final Options options, final Optional<Succession> rank)
            throws IOException, GenesisException, KeyFormatException {
        final Service service = new Service(directory, configuration, options, rank);
        try {
            service.own();
            service.startGroups();
            return service;
        } catch (final IOException | KeyFormatException | RuntimeException | Error failure) {
            rank.ifPresent(service::leave);
            service.close();
            throw failure;
        }
    }

    /** The seat stays the rank's, which may try again with it. */
    private void leave(final Succession rank) {
        locks.remove(rank.seat().join().lock());
        keys.clear();
    }

    /** Locks what is this process's own, then reads its keys; a seat has both. */
    private void own() throws IOException, KeyFormatException {
        if (ranks.isPresent()) {
            final Seat seat = ranks.get().seat().join();
            locks.add(seat.lock());
            keys.put(here.get(0), seat.key());
        } else {
            locks.add(DirectoryLock.acquire(directory.root()));
            for (final int id : here) {
                locks.add(DirectoryLock.acquire(directory.incarnations(id).data()));
                keys.put(id, directory.readNodeKey(genesis, id));
            }
        }
        if (local.isPresent()) {
            for (final int id : here) {
                OwnDirectory.make(local.get().replica(id), local.get().root().getParent());
                locks.add(DirectoryLock.acquire(local.get().replica(id)));
            }
        }
    }

    /** Binds the team's workers to cores if that is wished; what cannot be bound is reported and runs where it may. */
    private void bindTeam() {
        if (configuration.text(Setting.BIND).equals("cores")) {
            CoreBinding.bindWorkers(team).stream().filter(outcome -> outcome != CoreBinding.Outcome.BOUND).distinct()
                .forEach(outcome -> faults.report(-1, -1, "NOT_BOUND", "threads of the team: " + outcome));
        }
    }

    /** Replicas share threads where they are more than processors. */
    private void startThreads() {
        for (int i = 0; i < Math.min(here.size(), Runtime.getRuntime().availableProcessors()); i++) {
            threads.add(new SharedThread("ztp-replicas-" + i, settings.idleTurns()).start());
        }
    }

    private void startGroups() {
        here.forEach(id -> faults.planned().reach(id, PlannedFaults.Point.START));
        startThreads();
        bindTeam();
        final ClientSignatures clients = GenesisVoters.clients(new VerifyKeys(CLIENT_KEYS));
        for (final SubCluster subCluster : genesis.subClusters()) {
            final List<Integer> members = subCluster.members().stream().filter(here::contains).toList();
            if (!members.isEmpty()) {
                final Group group = new Group(chain, subCluster.id(), subCluster.members())
                    .on(voters.get(subCluster.id()).root());
                final GroupNode node = new GroupNode(new GroupNode.GroupSetting(group, members, network,
                    (id, around) -> birth(group, id, around), settings.ingest(),
                    configuration.count(Setting.BATCHES_IN_FLIGHT), settings.bundles(), settings.idleTurns(),
                    settings.belongs(group.subCluster()),
                    said -> epochs.ifPresent(duty -> duty.finalized(group.subCluster(), said)),
                    settings.countsWhenArchived(), ranks.isEmpty(), this::indexedElsewhere),
                    team, clients, faults, readers());
                groups.add(node.start());
                archives.follow(node);
                ranks.ifPresent(one -> one.serve(node));
            }
        }
        router = new Router(chain, SubClusters.of(genesis), settings.bundles(), desks());
        epochThread = epochs.map(this::started);
    }

    /** Up to which height a replica that another rank runs has all blocks; empty if it is not heard of, or not running. */
    private OptionalLong indexedElsewhere(final int replica) {
        return ranks.flatMap(one -> {
            final RankBoard.Elsewhere there = one.board().elsewhere(replica, System.nanoTime());
            return one.isSilent(there) ? Optional.empty() : there.report();
        }).filter(report -> report.condition().equals("running")).map(report -> OptionalLong.of(report.indexedHeight()))
            .orElse(OptionalLong.empty());
    }

    /** Threads that read for one sub-cluster: one that waits for its replicas holds back no other. */
    private ReadingThreads readers() {
        final ReadingThreads made = new ReadingThreads(faults);
        readers.add(made);
        return made;
    }

    /** Who answers for each sub-cluster: its replicas here, or in a run of ranks those of the ranks that have it. */
    private List<ServiceHandler> desks() {
        final Map<Integer, ServiceHandler> desks = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            final LedgerView view = new LedgerView(rules(groups.get(i).group()));
            final int subCluster = groups.get(i).group().subCluster();
            desks.put(subCluster, new GroupDesk(groups.get(i), readers.get(i),
                replica -> new Queries(replica, view, chain, subCluster)));
        }
        final SubClusters all = SubClusters.of(genesis);
        if (ranks.isPresent() && all.count() > 1) {
            relay(all, ranks.get(), desks.values().iterator().next());
        }
        return all.all().stream().map(SubCluster::id).map(id -> desks.containsKey(id) ? desks.get(id)
            : (ServiceHandler) (request, reply) -> relay.orElseThrow().ask(id, request, reply)).toList();
    }

    private void relay(final SubClusters all, final Succession rank, final ServiceHandler own) {
        final int self = here.get(0);
        final Relay made = new Relay(new Relay.Place(all, self, rank::incarnation, network.from(self),
            configuration.number(Setting.PENDING_BYTES), System::nanoTime,
            () -> ThreadLocalRandom.current().nextInt()), own, faults);
        final DutyThread thread = new DutyThread("ztp-relay", made, 0,
            cause -> faults.report(-1, -1, "RELAY_FAILED", cause.toString())).start();
        made.onWork(thread::signal);
        rank.network().receiveRelayed(made::onParcel);
        relay = Optional.of(made);
        relayThread = Optional.of(thread);
    }

    private DutyThread started(final EpochDuty duty) {
        final DutyThread thread = new DutyThread("ztp-epochs", duty, 0,
            cause -> faults.report(-1, -1, "EPOCHS_FAILED", cause.toString())).start();
        ranks.ifPresent(one -> one.network().receiveEpochs((from, parcel) -> {
            final boolean taken = parcel instanceof Parcel.Epochs about && duty.offer(from, about.message());
            thread.signal();
            return taken;
        }));
        return thread;
    }

    /** Who makes epochs: this process alone, if it has all sub-clusters, else the processes of all replicas together. */
    private Optional<EpochDuty> epochs() {
        if (voters.size() < Epoch.MIN_SUB_CLUSTERS) {
            return Optional.empty();
        }
        final int self = here.get(0);
        final List<Integer> nodes = ranks.isPresent() ? genesis.replicas().stream().map(GenesisReplica::id).toList()
            : List.of(self);
        final List<Integer> own = here.stream().map(id -> genesis.replicas().get(id).subCluster()).distinct().sorted()
            .toList();
        return Optional.of(new EpochDuty(new EpochSetting(chain, voters, self, nodes, own,
            configuration.number(Setting.EPOCH_INTERVAL)), groups, faults,
            (to, message) -> network.from(self).send(to, new Parcel.Epochs(message))));
    }

    private TransactionRules rules(final Group group) {
        return SharingRules.of(genesis, genesis.subClusters().get(group.subCluster()));
    }

    private Replica birth(final Group group, final int id, final Replica.Surroundings around) {
        final ReplicaStores stores = stores(group, id);
        final ReplicaStore voting = stores.voting();
        epochs.ifPresent(duty -> duty.head(group.subCluster(), voting.headCertificate(), voting.epoch()));
        final SubClusterKeys sharing = SubClusterKeys.of(genesis, genesis.subClusters().get(group.subCluster()));
        final RememberedSignatures memory = settings.checksOnce() ? remembered : new RememberedSignatures(votes);
        return new Replica(id, stores, memory.signer(id, keys.get(id).signingKey()::sign),
            new ShareVault(new ReleaseGroup(chain, group.members(), id), sharing, keys.get(id)),
            new Replica.Setting(group, settings.core(), network.from(id), faults, settings.idleTurns(),
                new ReplicaSignatures(memory), configuration.detectorLimitNs(), voters,
                threads.get(here.indexOf(id) % threads.size())), around);
    }

    /** Opens what a replica keeps, brought up to the archive, and to what its last life handed over. */
    private ReplicaStores stores(final Group group, final int id) {
        final Optional<ReplicaLife> life = local.map(node -> ReplicaLife.next(directory.replica(id), node.replica(id),
            group.root().number(), new SystemRandomness()));
        life.ifPresent(ReplicaLife::prepare);
        final Path data = local.map(node -> node.replica(id)).or(() -> ranks.map(one -> one.seat().join().data()))
            .orElseGet(() -> directory.incarnations(id).data());
        final ReplicaStore.Place place = new ReplicaStore.Place(data.resolve("journal"),
            data.resolve("safety"), data.resolve("state"), chain, rules(group), settings.stored(), settings.pastCache(),
            ranks.map(one -> one.seat().join().superseded()).orElse(() -> false), group.root(),
            line -> faults.report(id, id, "NOT_PAST_CACHE", line));
        final ReplicaStores stores = ReplicaStores.open(place);
        try {
            if (stores.hasGap()) {
                life.ifPresent(ReplicaLife::begin); // it has nothing whole to hand over
            } else {
                archives.restore(stores.whole(), group, id, new ReplicaSignatures(votes));
                life.ifPresent(begun -> stores.whole().begin(begun,
                    () -> archives.height(group, id, stores.whole()::finalBlock)));
            }
        } catch (final RuntimeException failure) {
            stores.abandon();
            throw failure;
        }
        life.filter(begun -> begun.origin() == ReplicaLife.Origin.LOST).ifPresent(lost -> faults.report(id, id,
            "RECORD_LOST", "what it promised last is neither on this node nor handed over: it does not vote until it may"));
        return stores;
    }

    /** The genesis of the cluster. */
    public Genesis genesis() {
        return genesis;
    }

    /** Where trouble is reported. */
    public FaultHook faults() {
        return faults;
    }

    @Override
    public void handle(final ServiceRequest request, final Consumer<ServiceReply> reply) {
        if (request instanceof ServiceRequest.Status) {
            reply.accept(new ServiceReply.StatusText(ServiceStatus.of(genesis, groups, ranks,
                epochs.flatMap(EpochDuty::newest), faults, startedMillis)));
        } else if (request instanceof ServiceRequest.Fault fault) {
            harm(fault, reply);
        } else {
            router.handle(request, reply);
        }
    }

    private void harm(final ServiceRequest.Fault fault, final Consumer<ServiceReply> reply) {
        if (!options.allowFaults() || !here.contains(fault.replica())) {
            reply.accept(new Refused(Refused.Reason.BAD_REQUEST, options.allowFaults()
                ? "no replica " + fault.replica() + " in this process" : "this service lets nobody disturb its replicas", ""));
            return;
        }
        final GroupNode group = groups.stream()
            .filter(one -> one.group().contains(fault.replica())).findFirst().orElseThrow();
        switch (fault.harm()) {
            case STOP -> group.lives().cut(fault.replica());
            case HANG -> group.lives().hang(fault.replica(), true);
            case RESUME -> group.lives().resume(fault.replica());
            case WRONG_SHARES -> group.roster().replica(fault.replica()).giveWrongShares();
            default -> throw new IllegalStateException("no such harm: " + fault.harm());
        }
        reply.accept(new ServiceReply.Done());
    }

    /** The replicas of each sub-cluster that are here. */
    List<GroupNode> groups() {
        return List.copyOf(groups);
    }

    /** Why this process had better end; empty while it is of use. One thread. */
    public String over() {
        return groups.stream().map(GroupNode::over).filter(reason -> !reason.isEmpty()).findFirst().orElse("");
    }

    /** The last final height of each sub-cluster that has replicas here; also after the end. */
    public List<Long> finalHeights() {
        return groups.stream().map(group -> group.roster().replicas().stream()
            .mapToLong(replica -> replica.standing().finalHeight()).max().orElse(0)).toList();
    }

    /** Takes nothing more in, and waits at most so long for what was taken in to become final. */
    public void drain(final long nanos) {
        groups.forEach(group -> group.drain(nanos));
    }

    /**
     * What the end did not bring about, one line each, told by the thread that closed this, after that: replicas that could not
     * be closed and handed over, archives that could not be brought up to date, and the like. Empty if all ended in order.
     */
    public List<String> unfinished() {
        return Stream.of(groups.stream().flatMap(group -> group.lives().unclosed().stream()).toList(),
            archives.unfinished(), end.unfinished()).flatMap(List::stream).toList();
    }

    /** Stops everything in order, whatever of it fails; what was taken in and is not final stays in the journals. */
    @Override
    public void close() {
        here.forEach(id -> faults.planned().reach(id, PlannedFaults.Point.EXIT));
        end.step("the archive", archives::close);
        epochThread.ifPresent(one -> end.step("the naming of epochs", one::stop));
        relayThread.ifPresent(one -> end.step("the way between sub-clusters", one::stop));
        relay.ifPresent(one -> end.step("the way between sub-clusters", one::close));
        groups.forEach(one -> end.step("sub-cluster " + one.group().subCluster(), one::close));
        threads.forEach(one -> end.step("a thread", one::stop));
        readers.forEach(one -> end.step("the threads that read", one::close));
        end.step("the team", team::close);
        keys.values().forEach(one -> end.step("a key", one::close));
        locks.forEach(one -> end.step("a directory's lock", one::close));
    }
}
