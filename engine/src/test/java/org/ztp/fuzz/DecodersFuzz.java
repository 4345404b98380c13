package org.ztp.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Fuzzing for long, by hand: see HACKING.md. */
final class DecodersFuzz {
    @FuzzTest(maxDuration = "10h")
    void anyBytesGiveAValueOrNone(final byte[] bytes) {
        Decoders.decode(bytes);
    }
}
