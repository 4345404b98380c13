package org.ztp.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ztp.ledger.Certificate.Signature;
import org.ztp.ledger.Samples;

class RememberedSignaturesTest {
    private static final byte[] MESSAGE = Samples.utf8("a vote");

    private final List<Integer> asked = new ArrayList<>();
    private final RememberedSignatures signatures = new RememberedSignatures((replica, message, signature) -> {
        asked.add(replica);
        return Arrays.equals(sign(replica, message), signature);
    });

    @Test
    void aGoodSignatureIsCheckedOnce() {
        for (int turn = 0; turn < 3; turn++) {
            assertTrue(signatures.check(2, MESSAGE, sign(2, MESSAGE)));
            assertEquals(-1, signatures.firstBad(List.of(vote(2)), MESSAGE));
        }
        assertEquals(List.of(2), asked);
    }

    @Test
    void whatDiffersInABitIsChecked() {
        assertTrue(signatures.check(2, MESSAGE, sign(2, MESSAGE)));
        final byte[] otherMessage = MESSAGE.clone();
        otherMessage[0] ^= 1;
        final byte[] otherSignature = sign(2, MESSAGE);
        otherSignature[0] ^= 1;
        assertFalse(signatures.check(2, otherMessage, sign(2, MESSAGE)));
        assertFalse(signatures.check(2, MESSAGE, otherSignature));
        assertFalse(signatures.check(3, MESSAGE, sign(2, MESSAGE)));
        assertEquals(List.of(2, 2, 2, 3), asked);
    }

    @Test
    void aBadSignatureIsNeverRemembered() {
        for (int turn = 0; turn < 2; turn++) {
            assertFalse(signatures.check(1, MESSAGE, sign(2, MESSAGE)));
        }
        assertEquals(List.of(1, 1), asked);
    }

    @Test
    void ownSignaturesNeedNoCheck() {
        final byte[] own = signatures.signer(0, message -> sign(0, message)).sign(MESSAGE);
        assertTrue(signatures.check(0, MESSAGE, own));
        assertEquals(List.of(), asked);
    }

    @Test
    void ofACertificateOnlyWhatIsNewIsCheckedAndTheBadOneIsNamed() {
        assertTrue(signatures.check(0, MESSAGE, sign(0, MESSAGE)));
        assertTrue(signatures.check(2, MESSAGE, sign(2, MESSAGE)));
        asked.clear();
        final Signature forged = new Signature(3, sign(4, MESSAGE));
        assertEquals(3, signatures.firstBad(List.of(vote(0), vote(1), vote(2), forged), MESSAGE));
        assertEquals(List.of(1, 3), asked);
        assertEquals(-1, signatures.firstBad(List.of(vote(0), vote(1), vote(2)), MESSAGE));
        assertEquals(List.of(1, 3), asked);
    }

    private static Signature vote(final int replica) {
        return new Signature(replica, sign(replica, MESSAGE));
    }

    private static byte[] sign(final int replica, final byte[] message) {
        return Samples.sign(Samples.client(replica), message);
    }
}
