package org.ztp.contract;

/**
 * What a contract says to a request.
 *
 * @param status allowed, denied, or waiting for approvals
 * @param reason for people and auditors: the rule that decided, its figures, the contract's version and the clause
 */
public record Decision(Status status, String reason) {
    /** Kinds of decision. */
    public enum Status {
        /** Every chunk asked for is allowed. */
        ALLOWED,
        /** Some chunk is not. */
        DENIED,
        /** Only approvals are missing. */
        PENDING
    }
}
