package org.ztp.privacy;

import java.nio.charset.StandardCharsets;

/** What a hash, a derived key or a sealed box is for: 16 bytes in front, so that none stands for another. */
enum Label {
    SECOND_HALF("ztp-half-v1"),
    KEY_COMMITMENT("ztp-key-v1"),
    SHARE_SALT("ztp-salt-v1"),
    CHUNK_SHARES("ztp-shares-v1"),
    OPENER_SHARE("ztp-opener-v1"),
    SEEKER_BOX("ztp-seeker-v1"),
    OWNER_BOX("ztp-owner-v1"),
    MASK("ztp-mask-v1");

    private static final int BYTES = 16;
    private final byte[] tag = new byte[BYTES];

    Label(final String name) {
        final byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, tag, 0, ascii.length);
    }

    /** The name in ASCII, filled up with zeros; not to be changed. */
    byte[] tag() {
        return tag;
    }
}
