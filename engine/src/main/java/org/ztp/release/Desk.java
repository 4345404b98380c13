package org.ztp.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the parts of one core share: who and how much, the time of this step, and where actions go. */
final class Desk {
    final ReleaseGroup group;
    final ReleaseLimits limits;
    final List<ReleaseAction> actions = new ArrayList<>();
    Set<Integer> suspected = Set.of();
    long nowNs;
    private long callIds;

    Desk(final ReleaseGroup group, final ReleaseLimits limits) {
        this.group = group;
        this.limits = limits;
    }

    long nextCallId() {
        return ++callIds;
    }

    void act(final ReleaseAction action) {
        actions.add(action);
    }

    void send(final int to, final ReleaseMessage message) {
        actions.add(new ReleaseAction.Send(to, message));
    }

    void fault(final int replica, final ReleaseAction.Fault.Kind kind, final String detail) {
        actions.add(new ReleaseAction.Fault(replica, kind, detail));
    }

    boolean isOver(final long timeNs) {
        return nowNs - timeNs >= 0;
    }
}
