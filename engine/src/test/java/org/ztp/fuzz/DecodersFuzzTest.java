package org.ztp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Ten seconds of fuzzing, after the inputs that are kept. */
final class DecodersFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyBytesGiveAValueOrNone(final byte[] bytes) {
        Decoders.decode(bytes);
    }
}
