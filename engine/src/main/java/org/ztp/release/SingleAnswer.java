package org.ztp.release;

/**
 * One replica's shares, sent singly; see {@link org.ztp.privacy.SingleShares}.
 *
 * @param replica id of the replica
 * @param sealed the openings with the replica's signatures, sealed to the seeker's fresh key; not to be changed
 */
public record SingleAnswer(int replica, byte[] sealed) {
}
