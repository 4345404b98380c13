package org.ztp.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users of one group publish to each other, while the umask of all of them lets nobody else in. */
@Timeout(240)
class GroupTest {
    private static final String SCRIPT = """
        umask 077
        export PATH="$PWD/program:$PATH" HOME="$PWD"
        if [ "$(id -u)" = 0 ]; then # who alone can be others
          group=users
          as() { setpriv --reuid="$1" --regid="$1" --groups="$(getent group users | cut -d: -f3)" -- "${@:2}"; }
        else
          group=$(id -gn)
          as() { "${@:2}"; }
        fi
        ztp init --replicas 4
        echo "clients.group = $group" >> ztp-cluster/ztp.conf
        ztp start &
        service=$!
        trap 'kill $service' EXIT
        until ztp status > /dev/null 2>&1; do sleep 0.2; done
        for user in 61001 61002; do
          mkdir $user
          head -c 3000000 /dev/urandom > $user/data
          [ "$group" != users ] || chown -R $user $user
          as $user ztp keygen $user/key
        done
        printf 'seekers = ["%s", "%s"]' "$(cat 61001/key.pub)" "$(cat 61002/key.pub)" > policy
        chmod 644 policy
        first=$(as 61001 ztp publish 61001/data --key 61001/key --policy policy --chunk-size 4KiB)
        second=$(as 61002 ztp publish 61002/data --key 61002/key --policy policy --chunk-size 4KiB)
        as 61001 ztp request "$second" --key 61001/key --out 61001/copy
        as 61002 ztp request "$first" --key 61002/key --out 61002/copy
        cmp 61001/data 61002/copy
        cmp 61002/data 61001/copy
        ztp verify
        trap - EXIT
        kill $service
        wait $service
        """;

    @Test
    void membersOfTheGroupPublishAndRequestWhateverTheirUmask(@TempDir final Path directory) throws Exception {
        final String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        final String copies = IntStream.range(0, classPath.length).mapToObj(i -> directory.resolve("program/" + i
            + (Files.isDirectory(Path.of(classPath[i])) ? "" : ".jar")).toString()).collect(Collectors.joining(":"));
        Command.writeScript(directory.resolve("program/ztp"), copies);
        Command.runShell(directory, "number=0; for entry in " + String.join(" ", classPath)
            + "; do cp -rL $entry program/$number$([ -d $entry ] || echo .jar); number=$((number + 1)); done;"
            + "chmod -R a+rX . ; chmod 711 .");
        final String said = Command.runShell(directory, SCRIPT);
        assertTrue(said.contains("ready "), said);
    }
}
