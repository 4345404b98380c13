package org.ztp.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.receipt.Position;

class LogPlaceTest {
    @Test
    void placesAreInTheOrderOfHeightsThenOfSubClusters() {
        final List<LogPlace> ordered = List.of(LogPlace.from(1), at(1, 0, 0, 0, 1), at(1, 0, 0, 1, 0), at(1, 0, 1, 0, 0),
            at(1, 1, 0, 0, 0), LogPlace.from(2));
        assertEquals(ordered, Stream.of(3, 1, 5, 0, 4, 2).map(ordered::get).sorted().toList());
    }

    @Test
    void theNextPlaceOfAnotherSubClusterIsAtTheSameHeightOnlyIfItComesLater() {
        final LogPlace place = at(7, 2, 1, 2, 3);
        assertEquals(at(8, 1, 0, 0, 0), place.on(1));
        assertEquals(place, place.on(2));
        assertEquals(at(7, 3, 0, 0, 0), place.on(3));
    }

    private static LogPlace at(final long height, final int subCluster, final int batch, final int bundle,
                               final int transaction) {
        return new LogPlace(height, subCluster, new Position(batch, bundle, transaction));
    }
}
