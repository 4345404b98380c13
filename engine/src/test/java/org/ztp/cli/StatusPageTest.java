package org.ztp.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StatusPageTest {
    @Test
    void aPageHasALineForEachReplicaAndFault() {
        final String json = "{\"chain\":\"f717\",\"startedMillis\":1000,\"subClusters\":[{\"id\":0,\"quorum\":3,"
            + "\"faultsTolerated\":1,\"hasQuorum\":false,\"transactionsPerSecond\":12,\"replicas\":["
            + "{\"id\":0,\"state\":\"ok\",\"height\":151,\"view\":1,\"leader\":1,\"epoch\":0,\"indexedHeight\":150,"
            + "\"suspects\":[],\"detail\":\"\"},"
            + "{\"id\":1,\"state\":\"halted\",\"height\":7,\"view\":1,\"leader\":1,\"epoch\":0,\"indexedHeight\":7,"
            + "\"suspects\":[2,3],\"lastGapMillis\":40,\"lastGapEndMillis\":1000,\"detail\":\"no space\",\"incarnation\":4}]}],"
            + "\"epoch\":{\"number\":9,\"root\":\"ab\",\"heads\":[{\"subCluster\":0,\"height\":150,\"block\":\"cd\","
            + "\"carried\":true}]},\"faults\":{\"HALTED\":1},\"lastFaults\":[{\"atMillis\":0,\"reporter\":1,\"about\":-1,"
            + "\"kind\":\"HALTED\",\"detail\":\"no space\"}]}";

        assertEquals(List.of(
            "chain f717",
            "up 1m1s",
            "sub-cluster 0: NO quorum of 3, 1 may fail, transactions per second 12",
            "  replica  state   height  indexed height  view  leader  epoch  suspects  incarnation  last gap end          last gap millis",
            "  0        ok      151     150             1     1       0      -         -            -                     -",
            "  1        halted  7       7               1     1       0      2,3       4            1970-01-01T00:00:01Z  40",
            "  replica 1: no space",
            "last epoch 9: sub-cluster 0 at height 150 (carried over)",
            "faults since the start: HALTED 1",
            "  1970-01-01T00:00:00Z replica 1: HALTED: no space"),
            StatusPage.of(ConfigFactory.parseString(json), 62_345));
    }
}
