package org.ztp.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ztp.config.NoIncludes;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SshKeyFiles;
import org.ztp.crypto.SshPublicKey;
import org.ztp.crypto.X25519PublicKey;
import org.ztp.wire.Hash;

/** Reads {@code genesis.conf} strictly: every key is there, none is unknown, each value is in its range. */
public final class GenesisText {
    private static final int MAX_BYTES = 4 << 20;

    private GenesisText() {
    }

    /** Reads a file. */
    public static Genesis read(final Path file) throws IOException, GenesisException {
        if (Files.isDirectory(file)) {
            throw new GenesisException(file + ": is a directory");
        }
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new GenesisException("longer than " + MAX_BYTES + " bytes");
            }
            return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (final CharacterCodingException notText) {
            throw new GenesisException(file + ": not UTF-8");
        } catch (final GenesisException wrong) {
            throw new GenesisException(file + ": " + wrong.getMessage());
        }
    }

    /** Reads a text; nothing is included or substituted. */
    public static Genesis parse(final String text) throws GenesisException {
        if (SshKeyFiles.mayBeKey(text)) {
            throw new GenesisException("holds a key, and no genesis");
        }
        try {
            final Config config = ConfigFactory.parseString(text, ConfigParseOptions.defaults()
                    .setIncluder(new NoIncludes("the genesis may not include other files")))
                .resolve(ConfigResolveOptions.noSystem());
            return decode(config);
        } catch (final ConfigException | IllegalArgumentException | DateTimeException | KeyFormatException wrong) {
            throw new GenesisException(wrong.getMessage());
        }
    }

    private static Genesis decode(final Config config) throws KeyFormatException {
        exactly(config, Set.of("version", "created", "salt", "limits", "replicas"));
        if (config.getInt("version") != Genesis.VERSION) {
            throw new IllegalArgumentException("version: expected=1 actual=" + config.getInt("version"));
        }
        final Instant created = Instant.parse(config.getString("created"));
        if (created.getNano() % 1_000_000 != 0) {
            throw new IllegalArgumentException("created: expected whole milliseconds actual=" + created);
        }
        final Config limits = config.getConfig("limits");
        exactly(limits, Set.of("bundle-bytes", "block-bytes"));
        final List<GenesisReplica> replicas = new ArrayList<>();
        for (final Config replica : config.getConfigList("replicas")) {
            replicas.add(replica(replica));
        }
        return new Genesis(created.toEpochMilli(), hex("salt", config.getString("salt")),
            new Genesis.Limits(limits.getLong("bundle-bytes"), limits.getLong("block-bytes")), replicas);
    }

    private static GenesisReplica replica(final Config replica) throws KeyFormatException {
        exactly(replica, Set.of("id", "sub-cluster", "signing-key", "sealing-key"));
        return new GenesisReplica(replica.getInt("id"), replica.getInt("sub-cluster"),
            SshPublicKey.parse(replica.getString("signing-key")).key(),
            sealingKey(replica.getString("sealing-key")));
    }

    private static X25519PublicKey sealingKey(final String text) {
        return X25519PublicKey.decode(hex("sealing-key", text).toBytes(), 0).orElseThrow(() ->
            new IllegalArgumentException("sealing-key: no X25519 public key: actual=\"" + text + "\""));
    }

    private static Hash hex(final String key, final String text) {
        return Hash.parse(text).orElseThrow(() -> new IllegalArgumentException(
            key + ": expected 64 hexadecimal digits actual=\"" + text + "\""));
    }

    private static void exactly(final Config config, final Set<String> keys) {
        final Set<String> actual = new TreeSet<>(config.root().keySet());
        if (!actual.equals(keys)) {
            throw new IllegalArgumentException(config.origin().description() + ": keys expected="
                + new TreeSet<>(keys) + " actual=" + actual);
        }
    }
}
