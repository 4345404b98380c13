package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BadInputTest {
    @TempDir
    private Path directory;
    private Site site;

    @BeforeEach
    void make() throws Exception {
        site = new Site(directory).init().keys("alice", "bob");
        site.randomFile("data", 100_000, 1);
        Files.writeString(site.file("policy"), "seekers = [\"bob.pub\"]\n");
    }

    @AfterEach
    void clean() throws Exception {
        assertEquals(List.of(), Site.filesBelow(site.cluster().resolve("blobs")));
        site.close();
    }

    @Test
    void whatCannotBePublishedIsNamedAndLeavesNothing() throws Exception {
        site.service();
        site.run(publish(site.file("none"))).expect(2).complains("none does not exist");
        site.inProcess(publish(directory)).expect(2).complains("is a directory");
        site.inProcess(publish(Path.of("/dev/null"))).expect(2).complains("is not a regular file");
        site.inProcess(publish(Files.createFile(site.file("empty")))).expect(2).complains("is empty");
        site.run("status").expect(0);
    }

    @Test
    void aFileThatChangesWhileItIsPublishedIsNotPublished() throws Exception {
        site.service();
        final Path file = site.randomFile("changing", 24 << 20, 2);
        final Command publishing = site.start(publish(file));
        while (publishing.isAlive()) {
            Files.write(file, new byte[1], StandardOpenOption.WRITE);
            LockSupport.parkNanos(1_000_000);
        }
        publishing.await().expect(2).complains("changed while it was read");
        assertEquals(0, site.run("log").expect(0).lines("PUBLISH"));
    }

    @Test
    void aPolicyThatIsWrongIsNamedAndLeavesNothing() throws Exception {
        site.service();
        policy("seekers = [\"bob.pub\"]\nrules { max-request = 1 }\n", "max-request");
        policy("seekers = [\"bob.pub\"]\nembargoed = yes\n", "embargoed");
        policy("seekers = [\"bob.pub\"\n", "policy");
        policy("seekers = [\"nobody.pub\"]\n", "nobody.pub");
        policy("seekers = [\"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ== eve\"]\n", "actual=ssh-rsa");
        policy("seekers = [\"ssh-ed25519 AAAA eve\"]\n", "policy");
        Files.delete(site.file("policy"));
        site.run(publish(site.file("data"))).expect(2).complains("policy");
    }

    private void policy(final String text, final String complaint) throws IOException {
        Files.writeString(site.file("policy"), text);
        site.inProcess(publish(site.file("data"))).expect(2).complains(complaint);
    }

    @Test
    void aPrivateKeyThatIsNoneOrOpenToOthersIsRefused() throws Exception {
        final Path key = site.file("key");
        site.inProcess(record(key)).expect(2).complains("no such file");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        site.inProcess(record(key)).expect(2).complains("key");
        Files.writeString(key, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");
        site.inProcess(record(key)).expect(2).complains("key");
        Files.writeString(key, rsaKey());
        site.inProcess(record(key)).expect(2).complains("actual=ssh-rsa");
        Files.copy(site.file("alice.pub"), site.file("public"));
        Files.setPosixFilePermissions(site.file("public"), PosixFilePermissions.fromString("rw-------"));
        site.inProcess(record(site.file("public"))).expect(2).complains("public key");
        Files.setPosixFilePermissions(site.file("alice"), PosixFilePermissions.fromString("rw-r--r--"));
        site.run(record(site.file("alice"))).expect(2).complains("expected=rw------- actual=rw-r--r--");
        site.inProcess("keygen", site.file("bob")).expect(2).complains("exists already");
    }

    @Test
    void whatIsRequestedWronglyLeavesNoFile() throws Exception {
        site.service();
        final Path out = site.file("out");
        site.run("request", "00".repeat(32), "--key", site.file("bob"), "--out", out).expect(2).complains("");
        site.inProcess("request", "hello", "--key", site.file("bob"), "--out", out).expect(2).complains("hello");
        site.inProcess("request", "00".repeat(32), "--key", site.file("bob"), "--out", directory).expect(2)
            .complains("is a directory");
        site.inProcess("request", "00".repeat(32), "--key", site.file("bob"), "--out", site.file("no/out")).expect(2)
            .complains("is no directory");
        site.inProcess("record", directory, "--key", site.file("bob")).expect(2).complains("");
        site.inProcess("record", site.file("none"), "--key", site.file("bob")).expect(2).complains("no such file");
        site.inProcess("grant", "00".repeat(32), "--key", site.file("bob"), "--seeker", "ssh-rsa AAAA eve").expect(2)
            .complains("actual=ssh-rsa");
        site.inProcess("log", "--dataset", "xyz").expect(2).complains("xyz");
        site.inProcess("frobnicate").expect(2);
        site.inProcess("record", "--timeout", "never", "--key", site.file("bob")).expect(2).complains("never");
        assertFalse(Files.exists(out));
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.noneMatch(file -> file.toString().endsWith(".part")));
        }
    }

    @Test
    void aConfigurationWithAnUnknownKeyStartsNothing() throws Exception {
        final Path configuration = site.cluster().resolve("ztp.conf");
        Files.writeString(configuration, "\nbatch.lingr = 1ms\n", StandardOpenOption.APPEND);
        site.run("start").expect(2).complains("batch.lingr");
        Files.writeString(configuration, "batch.linger = soon\n");
        site.inProcess("start").expect(2).complains("batch.linger");
        Files.delete(site.cluster().resolve("genesis.conf"));
        site.inProcess("start").expect(2).complains("genesis.conf is missing");
    }

    private Object[] publish(final Path file) {
        return new Object[] {"publish", file, "--key", site.file("alice"), "--policy", site.file("policy"),
            "--chunk-size", "64KiB"};
    }

    private Object[] record(final Path key) {
        return new Object[] {"record", site.file("policy"), "--key", key, "--local"};
    }

    /** The outer form of a private key of another kind (OpenSSH PROTOCOL.key); nobody's. */
    private static String rsaKey() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final DataOutputStream out = new DataOutputStream(bytes);
        out.write("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
        for (final String word : List.of("none", "none", "")) {
            string(out, word.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeInt(1);
        string(out, Base64.getDecoder().decode("AAAAB3NzaC1yc2EAAAADAQABAAABAQ=="));
        string(out, new byte[64]);
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + Base64.getMimeEncoder(70, new byte[] {'\n'})
            .encodeToString(bytes.toByteArray()) + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }

    private static void string(final DataOutputStream out, final byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
