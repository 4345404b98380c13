package org.ztp.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.ztp.cli.CommandException;
import org.ztp.cli.Exit;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceReply.Submitted;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.Genesis;
import org.ztp.cluster.SubCluster;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Clause;
import org.ztp.contract.Contract;
import org.ztp.contract.Identity;
import org.ztp.contract.Rules;
import org.ztp.contract.transaction.Dataset;
import org.ztp.contract.transaction.Publish;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.SeekerPart;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.crypto.X25519PrivateKey;
import org.ztp.ledger.Bundle;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.Outcome;
import org.ztp.privacy.ChunkKeys;
import org.ztp.privacy.Publishing;
import org.ztp.privacy.SharingException;
import org.ztp.privacy.SubClusterKeys;
import org.ztp.release.SeekerRelease;
import org.ztp.runtime.Service;
import org.ztp.storage.blob.BlobStore;
import org.ztp.wire.Hash;

/**
 * An owner who publishes a file of zeros, and a seeker who asks for all of its keys again and again. The ciphertexts
 * are thrown away: only keys are asked for. Used by one thread.
 */
final class KeysClient implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 120;
    private static final long LOOK_NS = 10_000_000;
    private static final int LOOKS_MAX = 10_000;

    private final Service service;
    private final KeysPlan plan;
    private final Genesis genesis;
    private final SubCluster group;
    private final SubClusterKeys keys;
    private final SigningKey owner = SigningKey.generate(new SystemRandomness());
    private final SigningKey seeker = SigningKey.generate(new SystemRandomness());
    private Publish publish;
    private Hash dataset;
    private ChunkRange chunks;
    private X25519PrivateKey fresh;
    private TransactionId request;
    private ServiceReply.Released released;

    KeysClient(final Service service, final KeysPlan plan) {
        this.service = service;
        this.plan = plan;
        genesis = service.genesis();
        group = genesis.subClusters().get(0);
        keys = SubClusterKeys.of(genesis, group);
    }

    /** Publishes the dataset. */
    void publish() throws IOException {
        try (TemporaryDirectory directory = TemporaryDirectory.in(plan.place());
             RandomAccessFile sparse = new RandomAccessFile(directory.path().resolve("zeros").toFile(), "rw")) {
            sparse.setLength((long) plan.chunks() * Dataset.MIN_CHUNK_BYTES);
            final Identity who = Identity.of(Hash.of(seeker.verifyKey().bytes()), "seeker");
            publish = new Publishing(keys, new BlobStore(new DiscardingDisk(), "bench"), new SystemRandomness(),
                plan.configuration().threads()).publish(directory.path().resolve("zeros"), "zeros",
                    Dataset.MIN_CHUNK_BYTES, owner.verifyKey(), new Contract(1, List.of(new Clause(
                        new ChunkRange(0, plan.chunks() - 1), List.of(who), Rules.NONE))), bytes -> { });
        } catch (final SharingException refused) {
            throw new CommandException(Exit.USAGE, String.valueOf(refused.getMessage()), "ask for fewer chunks");
        }
        dataset = Publish.id(genesis.chain(), Hash.of(owner.verifyKey().bytes()), publish.nonce());
        chunks = new ChunkRange(0, plan.chunks() - 1);
        submit(owner, publish.encode());
    }

    /** Makes the key of the next request. */
    void prepare() {
        closeFresh();
        fresh = X25519PrivateKey.generate(new SystemRandomness());
    }

    /** Requests all chunks, until that is final and allowed. */
    void commit() {
        request = submit(seeker, new Request(dataset, chunks, "bench", Hash.of(fresh.publicKey().bytes()), "")
            .encode());
    }

    /** Waits until every replica has executed the last block. */
    void awaitAll() {
        for (int i = 0; i < LOOKS_MAX; i++) {
            final long heights = ConfigFactory.parseString(ask(new ServiceRequest.Status(),
                ServiceReply.StatusText.class).json()).getConfigList("subClusters").get(0).getConfigList("replicas")
                .stream().map((Config replica) -> replica.getLong("height")).distinct().count();
            if (heights == 1) {
                return;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        throw new CommandException(Exit.UNAVAILABLE, "a replica does not catch up",
            "is the machine busy with something else?");
    }

    /** Has the shares accumulated. */
    void accumulate() {
        released = ask(new ServiceRequest.Release(request, List.of()), ServiceReply.Released.class);
    }

    /** How many replicas gave shares the last time. */
    int participants() {
        return released.participants().size();
    }

    /** Takes the masks off, joins the halves, and checks every key against its commitment. */
    void join() {
        final SeekerPart part = publish.part(Hash.of(seeker.verifyKey().bytes())).orElseThrow();
        final byte[] halves = new SeekerRelease(keys, group.members(), request, dataset, chunks, fresh).unmask(
            released.vector(), released.participants(), released.attempt(), released.contractVersion()).orElseThrow();
        final ChunkKeys.Joined joined = ChunkKeys.join(keys.context(Hash.of(owner.verifyKey().bytes()), publish),
            publish, part, chunks, halves, seeker);
        joined.keys().orElseThrow(() -> new IllegalStateException(joined.wrong())).close();
    }

    private TransactionId submit(final SigningKey signer, final byte[] transaction) {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(signer.verifyKey().bytes()),
            new SystemRandomness().bytes(Bundle.SUBMISSION_BYTES), signer::sign);
        if (!builder.add(transaction, 0, transaction.length) || builder.size() > genesis.limits().bundleBytes()) {
            throw new CommandException(Exit.USAGE, "the transaction is too large: " + transaction.length + " bytes",
                "ask for fewer chunks or replicas");
        }
        final Submitted settled = ask(new ServiceRequest.Submit(builder.seal(0).array()), Submitted.class);
        if (settled.status() != Submitted.Status.FINAL || settled.outcomes().stream()
            .anyMatch(outcome -> outcome.code() != Outcome.Code.ACCEPTED.code()
                && outcome.code() != Outcome.Code.ALLOWED.code())) {
            throw new IllegalStateException("the service answered: " + settled);
        }
        return new TransactionId(settled.bundle(), 0);
    }

    private <T extends ServiceReply> T ask(final ServiceRequest what, final Class<T> expected) {
        final CompletableFuture<ServiceReply> answer = new CompletableFuture<>();
        service.handle(what, answer::complete);
        try {
            final ServiceReply reply = answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (!expected.isInstance(reply)) {
                throw new CommandException(Exit.UNAVAILABLE, "the service answered: " + reply, "try it again");
            }
            return expected.cast(reply);
        } catch (final TimeoutException late) {
            throw new CommandException(Exit.UNAVAILABLE, "no answer within " + TIMEOUT_SECONDS + " s",
                "is the machine busy with something else?");
        } catch (final InterruptedException stopped) {
            throw CommandException.interrupted("");
        } catch (final ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    private void closeFresh() {
        if (fresh != null) {
            fresh.close();
        }
    }

    @Override
    public void close() {
        closeFresh();
        owner.close();
        seeker.close();
    }
}
