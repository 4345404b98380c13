package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ztp.client.ring.ClientPort;
import org.ztp.cluster.ClusterDirectory;
import org.ztp.config.Configuration;
import org.ztp.config.Setting;
import org.ztp.wire.Hash;

final class NodePortTest {
    @TempDir
    private Path directory;
    private final List<String> said = new ArrayList<>();

    private NodePort port(final Map<Setting, String> set) {
        return new NodePort(new ClusterDirectory(directory), Configuration.with(set), said::add);
    }

    /** Where clients of the directory meet the service. */
    private Path meetingPlace() throws IOException {
        final byte[] name = Hash.sha256(directory.toRealPath().toString().getBytes(StandardCharsets.UTF_8)).toBytes();
        return Path.of("/dev/shm").resolve("ztp-" + Files.getAttribute(directory, "unix:uid") + "-"
            + HexFormat.of().formatHex(name, 0, 8));
    }

    @Test
    void aGroupThatIsNotFoundIsSaidOnceAndNoErrorAndNothingIsMadeForIt() throws IOException {
        final NodePort port = port(Map.of(Setting.CLIENTS_GROUP, "no-such-group"));
        assertEquals(Optional.empty(), port.openIfPossible());
        assertEquals(Optional.empty(), port.openIfPossible());
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.get(0).startsWith("clients on this node cannot be served: "), said.get(0));
        assertEquals("clients.group: this machine knows no group no-such-group", assertThrows(IOException.class, port::open).getMessage());
        assertFalse(Files.exists(meetingPlace()));
    }

    @Test
    void whatIsInTheWayKeepsThePortShutAsLongAsItIsThere() throws Exception {
        final Path way = Files.createFile(meetingPlace());
        final NodePort port = port(Map.of());
        try {
            assertEquals(Optional.empty(), port.openIfPossible());
        } finally {
            Files.delete(way);
        }
        final ClientPort open = port.openIfPossible().orElseThrow();
        assertEquals(Optional.empty(), port.openIfPossible(), "there is one on each node");
        open.close();
        assertEquals(1, said.size(), said.toString());
    }
}
