package org.ztp.privacy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Writes a part of an output file, in a process of its own, and waits to be told to stop. */
final class InterruptedOutput {
    private InterruptedOutput() {
    }

    static Process start(final Path out) throws IOException {
        return new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
            InterruptedOutput.class.getName(), out.toString())).redirectErrorStream(true).start();
    }

    /** Says when it has written. */
    public static void main(final String[] arguments) throws SharingException {
        final OutputFile file = OutputFile.create(Path.of(arguments[0]));
        file.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        System.out.println("written");
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(1_000_000_000L);
        }
    }
}
