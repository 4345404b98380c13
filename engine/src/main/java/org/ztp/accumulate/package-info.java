/**
 * Accumulation: a commutative monoid, a tree over a group of replicas, a time limit, and a retry over who is left.
 * Sans-IO: time comes in as an argument, what to do goes out as actions, and the same events give the same actions.
 *
 * <pre>
 *                  root: AccumulationRound            Start(plan) to all members, then, attempt by attempt,
 *                    │   (one Accumulation            Complete(value, contributors)
 *              ┌─────┴─────┐  for each attempt)       or GiveUp(reason, missing)
 *              p           p        Partial(value, contributors) go up
 *          ┌───┴───┐       │
 *          p       p       p        p: one Accumulation for each attempt
 * </pre>
 *
 * A member waits for its own contribution and for its children's partials, combines them, and sends one partial to its
 * parent; deeper members have earlier deadlines, and at its deadline a member sends what it has, so that the root
 * learns exactly who is missing. The first attempt uses a tree. Members are not believed about each other: who is
 * missing by hearsay is asked again, later; only who did not answer the root itself is left out. All attempts after the
 * first are therefore flat, each of them ends well or finds at least one replica that is out, and f faulty replicas
 * cannot push out the honest ones.
 */
package org.ztp.accumulate;
