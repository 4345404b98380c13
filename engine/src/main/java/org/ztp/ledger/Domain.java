package org.ztp.ledger;

import java.nio.charset.StandardCharsets;

/** What a hash or a signature is about: 16 bytes in front of what is hashed or signed, so none stands for another. */
public enum Domain {
    /** A client's signature over a bundle. */
    BUNDLE("ztp-bundle-v1"),
    /** The hash of a block header. */
    BLOCK("ztp-block-v1"),
    /** A replica's vote for a block. */
    VOTE("ztp-vote-v1"),
    /** A leader's signature over its proposal. */
    PROPOSAL("ztp-proposal-v1"),
    /** A replica's word that a view has run out of time. */
    TIMEOUT("ztp-timeout-v1"),
    /** The hash of the genesis, which is the chain's name. */
    GENESIS("ztp-genesis-v1"),
    /** A replica's word that voting begins anew. */
    RESTART("ztp-restart-v1"),
    /** The root of an epoch. */
    EPOCH("ztp-epoch-v1"),
    /** The id of a dataset. */
    DATASET("ztp-dataset-v1"),
    /** A replica's signature over shares that it sends singly. */
    SINGLE_SHARES("ztp-single-v1"),
    /** The name of one round of a release. */
    RELEASE("ztp-release-v1"),
    /** What replicas compare before they release. */
    RELEASE_TERMS("ztp-terms-v1"),
    /** A statement about who runs a replica. */
    INCARNATION("ztp-incarnat-v1"),
    /** What a seeker keeps of a request that is not served yet. */
    UNSERVED("ztp-unserved-v1");

    /** Size of a tag in bytes. */
    public static final int BYTES = 16;
    private final byte[] tag = new byte[BYTES];

    Domain(final String name) {
        final byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, tag, 0, ascii.length);
    }

    /** The 16 bytes: the name in ASCII, filled up with zeros. */
    public byte[] tag() {
        return tag.clone();
    }
}
