package org.ztp.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.contract.ChunkRange;
import org.ztp.contract.Identity;
import org.ztp.crypto.KeyFormatException;
import org.ztp.crypto.SshPublicKey;
import org.ztp.crypto.SystemRandomness;
import org.ztp.storage.blob.BlobStore;
import org.ztp.storage.disk.FileDisk;
import org.ztp.storage.disk.PastCache;
import org.ztp.wire.Hash;

/** Reads what commands about datasets are told on the command line. */
final class SharingOptions {
    private SharingOptions() {
    }

    /** The id of a dataset. */
    static Hash dataset(final String text) {
        return Hash.parse(text).orElseThrow(() -> new CommandException(Exit.USAGE, "not the id of a dataset: " + text,
            "it is the last line of ztp publish"));
    }

    /** A number of bytes such as 4MiB. */
    static int chunkBytes(final String text) {
        try {
            return Math.toIntExact(ConfigFactory.parseMap(Map.of("size", text)).getBytes("size"));
        } catch (final ConfigException | ArithmeticException notOne) {
            throw new CommandException(Exit.USAGE, "chunk size: expected=bytes, such as 4MiB actual=" + text, "");
        }
    }

    /** Chunks such as 0-99 or 7, of so many; all if null. */
    static ChunkRange chunks(final String text, final int count) {
        if (text == null) {
            return ChunkRange.all(count);
        }
        if (text.matches("[0-9]{1,7}(-[0-9]{1,7})?")) {
            final String[] ends = text.split("-");
            final ChunkRange range = new ChunkRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
            if (range.wellFormed() && ChunkRange.all(count).contains(range)) {
                return range;
            }
        }
        throw new CommandException(Exit.USAGE, "chunks: expected=inside of " + ChunkRange.all(count) + " actual=" + text,
            "write --chunks 0-99, or --chunks 7");
    }

    /** Public keys: lines of .pub files, or the names of such files. */
    static List<Identity> identities(final List<String> texts) throws IOException {
        final List<Identity> identities = new ArrayList<>();
        for (final String text : texts) {
            try {
                final SshPublicKey key = text.startsWith("ssh-") ? SshPublicKey.parse(text)
                    : SshPublicKey.read(Path.of(text));
                identities.add(Identity.of(Hash.of(key.key().bytes()), key.comment()));
            } catch (final KeyFormatException wrong) {
                throw new CommandException(Exit.USAGE, text + ": " + wrong.getMessage(), wrong.hint());
            } catch (final InvalidPathException noName) {
                throw new CommandException(Exit.USAGE, "not a public key: " + text, "give a .pub file or its line");
            }
        }
        return identities;
    }

    /** Where the ciphertexts are; on several nodes, or in containers, processes may have the same number at one time. */
    static BlobStore blobs(final ClusterDirectory directory) {
        return new BlobStore(FileDisk.shared(directory.blobs(), PastCache.BOTH_WAYS), "client-" + ProcessHandle.current().pid()
            + '-' + HexFormat.of().formatHex(new SystemRandomness().bytes(Long.BYTES)));
    }
}
