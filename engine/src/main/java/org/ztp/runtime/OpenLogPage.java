package org.ztp.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ztp.client.LogPlace;
import org.ztp.client.ServiceReply;
import org.ztp.client.ServiceRequest;

/**
 * A page of the log while it is filled. It ends at a number of entries or of bytes, inside a block if need be, so that
 * what one block holds neither makes a reply too long nor takes the memory of who answers. One thread.
 */
final class OpenLogPage {
    /** An entry without its texts, with the counts before them; see {@link org.ztp.client.ReplyCodec}. */
    private static final int FIXED_BYTES = 2 + 8 + 8 + 36 + 32 + 1 + 4 * 2;

    private final LogPlace since;
    private final int maxEntries;
    private final long maxBytes;
    private final List<ServiceReply.LogEntry> entries = new ArrayList<>();
    private long bytes;
    private Optional<LogPlace> next = Optional.empty();

    OpenLogPage(final LogPlace since, final int maxEntries) {
        this.since = since;
        this.maxEntries = maxEntries;
        maxBytes = (long) maxEntries * ServiceRequest.LOG_BYTES_PER_ENTRY;
    }

    /** Where it begins. */
    LogPlace since() {
        return since;
    }

    /** Whether nothing more goes in. */
    boolean isFull() {
        return entries.size() >= maxEntries || bytes >= maxBytes;
    }

    /** Whether it is known where the next one begins. */
    boolean isOver() {
        return next.isPresent();
    }

    /**
     * Whether what stands there goes in; asked in the order of places. The first that does not, begins the next page.
     */
    boolean takes(final LogPlace place) {
        if (isOver() || place.compareTo(since) < 0) {
            return false;
        }
        if (isFull()) {
            endBefore(place);
            return false;
        }
        return true;
    }

    /** The next page begins there. */
    void endBefore(final LogPlace place) {
        next = Optional.of(place);
    }

    void add(final ServiceReply.LogEntry entry) {
        entries.add(entry);
        bytes += FIXED_BYTES + utf8(entry.kind()) + utf8(entry.subject()) + utf8(entry.text()) + utf8(entry.detail());
    }

    private static int utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    ServiceReply.LogPage toReply() {
        return new ServiceReply.LogPage(entries, next);
    }
}
