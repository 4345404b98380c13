package org.ztp.cli;

import java.util.Locale;
import java.util.Map;
import org.ztp.contract.transaction.Request;
import org.ztp.contract.transaction.TransactionId;
import org.ztp.crypto.SshPublicKey;
import org.ztp.crypto.VerifyKey;
import org.ztp.wire.Hash;

/**
 * What somebody asks for, as its receipt proves it, for who is to decide about it.
 *
 * @param id its name
 * @param seeker key of who signed it
 * @param request what it says
 */
record ProvenRequest(TransactionId id, Hash seeker, Request request) {
    /** Reads it from the ledger; ends the command if it is none. */
    static ProvenRequest of(final Ledger ledger, final TransactionId id) {
        final Ledger.Proven shown = ledger.proven(id);
        return new ProvenRequest(id, shown.client(), Request.parse(shown.bytes(), 0, shown.bytes().length)
            .orElseThrow(() -> new CommandException(Exit.USAGE, "no request: " + id, "find it with: ztp log")));
    }

    /** Ends the command if it is not what somebody takes it for. */
    void require(final String what, final Hash expected, final Hash actual) {
        if (!expected.equals(actual)) {
            throw new CommandException(Exit.UNVERIFIED, "request " + id + " is not what it was taken for: " + what
                + ": expected=" + expected + " actual=" + actual,
                "nothing was approved; if ztp log showed it so, do not trust this service");
        }
    }

    /** Adds it to what a command tells. */
    void tell(final Map<String, Object> document) {
        document.put("seeker", key());
        document.put("dataset", request.dataset().toString());
        document.put("chunks", request.chunks().toString());
        document.put("purpose", request.purpose());
        document.put("job", request.job());
    }

    private String key() {
        return VerifyKey.decode(seeker.toBytes(), 0).map(key -> new SshPublicKey(key, "").format())
            .orElseGet(seeker::toString);
    }

    /** In words, on lines of its own. */
    String words() {
        return String.format(Locale.ROOT,
            "request %s%n  of      %s%n  for     chunks %s of dataset %s%n  purpose %s%s", id, key(),
            request.chunks(), request.dataset(), Printable.quoted(request.purpose()),
            request.job().isEmpty() ? "" : String.format(Locale.ROOT, "%n  job     %s", Printable.of(request.job())));
    }
}
