package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.LocalConnection;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;
import org.ztp.cluster.ClusterCreation;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.cluster.Genesis;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.crypto.SigningKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.ledger.BundleBuilder;
import org.ztp.ledger.RecordTransaction;
import org.ztp.wire.Hash;

/** A genesis that allows bundles of 8 KiB, and a node that takes in 6 KiB. */
@Timeout(120)
class BundleLimitsTest {
    private final SigningKey key = SigningKey.generate(new SystemRandomness());
    @TempDir
    private Path root;
    private Genesis genesis;

    private static ServiceReply.Submitted.Status status(final ServiceReply reply) {
        return ((ServiceReply.Submitted) reply).status();
    }

    private ServiceReply submit(final Service service, final int payload) throws Exception {
        final BundleBuilder builder = new BundleBuilder(genesis.chain(), Hash.of(key.verifyKey().bytes()),
            new SystemRandomness().bytes(16), key::sign);
        final byte[] record = new RecordTransaction("", "", new byte[payload]).encode();
        builder.add(record, 0, record.length);
        return new LocalConnection(service).call(new ServiceRequest.Submit(builder.seal(0).array()))
            .get(60, TimeUnit.SECONDS);
    }

    @Test
    void aBundleIsRefusedHereBeyondTheNodesLimitAndEverywhereBeyondThatOfTheGenesis() throws Exception {
        final ClusterDirectory directory = new ClusterDirectory(root.resolve("cluster"));
        genesis = new ClusterCreation(new SystemRandomness(), 0, NewReplicas::prepare).create(directory.root(), 4, 4,
            new Genesis.Limits(8 << 10, 1 << 20), "");
        try (Service service = Service.start(directory, Configuration.with(Map.of(Setting.DURABILITY, "os",
            Setting.BUNDLE_BYTES, "6KiB")), new Service.Options(false))) {
            assertEquals(ServiceReply.Submitted.Status.FINAL, status(submit(service, 5_000)));
            assertEquals(ServiceReply.Refused.Reason.BAD_REQUEST,
                ((ServiceReply.Refused) submit(service, 7_000)).reason());
        }
        try (Service service = Service.start(directory, Configuration.with(Map.of(Setting.DURABILITY, "os")),
            new Service.Options(false))) {
            assertEquals(ServiceReply.Submitted.Status.FINAL, status(submit(service, 7_000)));
            assertEquals(ServiceReply.Submitted.Status.INVALID, status(submit(service, 9_000)));
        }
    }
}
