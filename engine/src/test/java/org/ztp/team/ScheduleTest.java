package org.ztp.team;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    @Test
    void readsTheFormsOfOpenMp() {
        assertEquals(Schedule.STATIC, Schedule.parse("static"));
        assertEquals(Schedule.dynamic(1), Schedule.parse("Dynamic"));
        assertEquals(Schedule.dynamic(64), Schedule.parse(" dynamic , 64 "));
        assertEquals(Schedule.guided(1), Schedule.parse("guided"));
        assertEquals(Schedule.guided(8), Schedule.parse("guided,8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "static,4", "dynamic,", "dynamic,0", "dynamic,-1", "guided,x", "guided,1,1"})
    void refusesOtherForms(String text) {
        assertThrows(IllegalArgumentException.class, () -> Schedule.parse(text));
    }

    @Test
    void theChunkFitsTheKind() {
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Schedule.Kind.STATIC, 1));
        assertThrows(IllegalArgumentException.class, () -> new Schedule(Schedule.Kind.GUIDED, 0));
    }
}
