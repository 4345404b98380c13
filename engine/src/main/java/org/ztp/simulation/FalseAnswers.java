package org.ztp.simulation;

import java.util.ArrayList;
import java.util.List;
import org.ztp.release.ReleaseAction;
import org.ztp.release.ReleaseAction.Refused;
import org.ztp.release.ReleaseAction.Released;
import org.ztp.release.ReleaseAction.ReleasedSingly;
import org.ztp.release.SingleAnswer;

/** What a traitor tells clients that ask it for keys. */
final class FalseAnswers {
    private FalseAnswers() {
    }

    /**
     * Another answer than the one that there is; not one that says for good that there are no keys, which nobody can
     * check.
     */
    static ReleaseAction instead(final ReleaseAction answer, final World world) {
        world.count("false answers to clients");
        if (answer instanceof Released said && world.random.nextInt(4) > 0) {
            return instead(said, world);
        } else if (answer instanceof ReleasedSingly said && world.random.nextInt(4) > 0) {
            return new ReleasedSingly(said.token(), said.part(), instead(said.answers(), world),
                said.contractVersion());
        } else if (answer instanceof Released said) {
            return new Refused(said.token(), Refused.Code.BUSY, "a lie");
        }
        return answer;
    }

    private static Released instead(final Released said, final World world) {
        final byte[] vector = said.vector().clone();
        final List<Integer> participants = new ArrayList<>(said.participants());
        switch (world.random.nextInt(4)) {
            case 0 -> vector[world.random.nextInt(vector.length)] ^= 1;
            case 1 -> participants.remove(world.random.nextInt(participants.size()));
            case 2 -> participants.set(0, world.anyone());
            default -> {
                return new Released(said.token(), vector, participants, said.attempt() + 1, said.contractVersion());
            }
        }
        return new Released(said.token(), vector, participants, said.attempt(), said.contractVersion());
    }

    /** One is missing, one is changed, or two have each other's name. */
    private static List<SingleAnswer> instead(final List<SingleAnswer> answers, final World world) {
        final List<SingleAnswer> changed = new ArrayList<>(answers);
        final int at = world.random.nextInt(answers.size());
        final SingleAnswer one = answers.get(at);
        switch (world.random.nextInt(3)) {
            case 0 -> changed.remove(at);
            case 1 -> {
                final byte[] sealed = one.sealed().clone();
                sealed[world.random.nextInt(sealed.length)] ^= 1;
                changed.set(at, new SingleAnswer(one.replica(), sealed));
            }
            default -> {
                final SingleAnswer other = answers.get((at + 1) % answers.size());
                changed.set(at, new SingleAnswer(one.replica(), other.sealed()));
            }
        }
        return changed;
    }
}
