package org.ztp.cluster;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The claims on a cluster's directory, one after another; the last one counts. Nobody makes claim K+1 but who has seen
 * that claim K is over, and one process alone can make it, however long it stalled in between: so there are never two.
 *
 * <pre>
 *   claims/K          made by link(2), once: who has claimed the directory, in words
 *   claims/K.over     that one uses it no more; the file itself stays, so that nobody makes it again
 * </pre>
 *
 * @param claims the directory with the claims
 */
public record ClaimFiles(Path claims) {
    private static final String OVER = ".over";
    /** Claims before the last that are kept: who looked so long ago finds another than it made, and gives way. */
    private static final int KEPT = 8;

    /**
     * A claim.
     *
     * @param number 1 and up
     * @param holder who made it
     * @param over whether the holder has said, or somebody for it, that it uses the directory no more
     */
    public record Claim(long number, String holder, boolean over) { }

    /** The last claim; empty if there never was one. */
    public Optional<Claim> last() throws IOException {
        for (long number = highest(); number > 0; number = highest()) {
            try {
                return Optional.of(new Claim(number, Files.readString(file(number)).strip(), Files.exists(overMark(number))));
            } catch (final NoSuchFileException passedOver) {
                if (highest() == number) {
                    throw passedOver;
                }
            }
        }
        return Optional.empty();
    }

    private long highest() throws IOException {
        return numbers().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private List<Long> numbers() throws IOException {
        if (!Files.isDirectory(claims)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(claims)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches("[1-9][0-9]{0,17}"))
                .map(Long::valueOf).toList();
        }
    }

    /**
     * Makes the claim after one that is over.
     *
     * @param number of the one to be made, the number of the last one and 1
     * @return false if another process has made that, or a later one
     */
    public boolean make(final long number, final String holder) throws IOException {
        Files.createDirectories(claims);
        if (!OnceFile.make(file(number), holder + "\n") || highest() != number) {
            return false;
        }
        ClusterCreation.sync(claims);
        ClusterCreation.sync(claims.toAbsolutePath().getParent());
        for (final long past : numbers()) {
            if (past <= number - KEPT) {
                Files.deleteIfExists(overMark(past));
                Files.deleteIfExists(file(past));
            }
        }
        return true;
    }

    /** Whether a claim is the last one, and not over. */
    public boolean holds(final long number) throws IOException {
        return last().filter(claim -> claim.number() == number && !claim.over()).isPresent();
    }

    /** Says that who has made a claim uses the directory no more. */
    public void end(final long number) throws IOException {
        try {
            Files.createFile(overMark(number));
        } catch (final FileAlreadyExistsException known) {
            return;
        }
        ClusterCreation.sync(claims);
    }

    /** The mark of a claim that is over. */
    public Path overMark(final long number) {
        return claims.resolve(number + OVER);
    }

    private Path file(final long number) {
        return claims.resolve(Long.toString(number));
    }
}
