package org.ztp.simulation;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ztp.consensus.safety.SafetyRules;
import org.ztp.consensus.safety.SafetyState;
import org.ztp.consensus.safety.VotingRules;

/**
 * What a test takes away from the protocol, to see that the simulation finds it.
 *
 * @param faults how many faulty replicas the quorums are made for; -1 for as many as there may be
 * @param onStart changes the safety record that a replica starts with
 * @param rules bends the rules of voting
 * @param signed what of a message its signature covers
 * @param durableAtOnce whether writes count as durable before they are
 */
record Weakness(int faults, UnaryOperator<SafetyState> onStart, Function<SafetyRules, VotingRules> rules,
                UnaryOperator<byte[]> signed, boolean durableAtOnce) {
    static final Weakness NONE = new Weakness(-1, UnaryOperator.identity(), rules -> rules, UnaryOperator.identity(),
        false);
}
