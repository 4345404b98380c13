package org.ztp.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.ztp.wire.Hash;

/** People of the tests, by name: the key is the hash of the name. */
public final class Parties {
    private Parties() {
    }

    public static Hash key(final String name) {
        return Hash.sha256(name.getBytes(StandardCharsets.UTF_8));
    }

    public static List<Identity> of(final String... names) {
        return Identity.sorted(Stream.of(names).map(name -> Identity.of(key(name), name)).toList());
    }
}
