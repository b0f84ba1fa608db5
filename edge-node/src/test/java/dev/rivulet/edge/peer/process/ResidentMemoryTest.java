package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class ResidentMemoryTest {
    @Test
    void theLineIsFoundAmongOthers() {
        String status = "Name:\tjava\nVmHWM:\t  200 kB\nVmRSS:\t     123 kB\nRssAnon:\t 7 kB\n";

        assertThat(ResidentMemory.parse(status)).hasValue(123 << 10);
        assertThat(ResidentMemory.parse("Name:\tkthreadd\n")).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessThatRunsOccupiesMemoryAndOneThatDoesNotIsUnknown() {
        long own = ProcessHandle.current().pid();

        assertThat(ResidentMemory.of(own).orElseThrow()).isGreaterThan(10 << 20);
        assertThat(ResidentMemory.of(Long.MAX_VALUE)).isEmpty();
    }
}
