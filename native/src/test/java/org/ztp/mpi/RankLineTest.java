package org.ztp.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RankLineTest {
    private static void assertSays(final RankLine.Word word, final int rank, final String line) {
        assertEquals(Optional.of(word), RankLine.of(line).map(RankLine::word), line);
        assertEquals(rank, RankLine.of(line).orElseThrow().rank(), line);
    }

    @Test
    void eachWordIsRead() {
        assertSays(RankLine.Word.JOINED, 0, "joined dir=/c replica=0 incarnation=2 rank=0 pid=11 node=n7");
        assertSays(RankLine.Word.JOINED, 6, "joined dir=/c rank=6 pid=11");
        assertSays(RankLine.Word.READY, 1, "ready dir=/c spare=true rank=1 pid=12 node=n7");
        assertSays(RankLine.Word.STOPPING, 2, "stopping dir=/c rank=2");
        assertSays(RankLine.Word.STOPPED, 3, "stopped dir=/c height=7,8 rank=3");
        assertSays(RankLine.Word.FAILED, 4, "not stopped in order dir=/c replica=0 incarnation=1 rank=4 pid=9");
        assertSays(RankLine.Word.TAKES_OVER, 5, "takes over replica=2 incarnation=3 rank=5 pid=77");
    }

    @Test
    void whoIsReadyTellsWhereAndAsWhat() {
        assertEquals(Optional.of(new RankLine(RankLine.Word.READY, 2, 4_194_304, "n7", Optional.of(new RankLine.Role(2, 1)))),
            RankLine.of("ready dir=/c replicas=4 sub-clusters=1 chain=00 replica=2 incarnation=1 rank=2 pid=4194304 node=n7"));
    }

    @Test
    void numbersThatNoRankHasAreNoWord() {
        assertEquals(Optional.empty(), RankLine.of("ready dir=/c rank=99999999999 pid=1"));
        assertEquals(Optional.empty(), RankLine.of("joined dir=/c rank=1"));
        assertEquals(Optional.empty(), RankLine.of("ready dir=/c rank=1 pid=99999999999999999999"));
        assertEquals(Optional.empty(), RankLine.of("stopped dir=/c rank=99999999999"));
        assertEquals(Optional.empty(), RankLine.of("takes over replica=1 incarnation=99999999999 rank=5 pid=77"));
        assertEquals(Optional.empty(), RankLine.of("rank 3 is suspected"));
    }
}
