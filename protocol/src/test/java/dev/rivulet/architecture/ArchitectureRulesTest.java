package dev.rivulet.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** A rule that never fires protects nothing: each is shown code that breaks it. */
final class ArchitectureRulesTest {
    private static final JavaClasses IMPURE = new ClassFileImporter().importPackages("dev.rivulet.architecture.swarm");

    @Test
    void aPureClassThatOpensFilesIsReported() {
        assertReports(ArchitectureRules.pureCodeTouchesNoSocketFileOrThread, "java.nio.file.Files.readAllBytes");
    }

    @Test
    void aPureClassThatReadsTheClockIsReported() {
        assertReports(ArchitectureRules.pureCodeTakesTimeAndChanceAsParameters, "java.time.Instant.now()");
    }

    @Test
    void aPureClassThatDrawsItsOwnChanceIsReported() {
        assertReports(ArchitectureRules.pureCodeTouchesNoSocketFileOrThread, "ThreadLocalRandom.current()");
    }

    @Test
    void endingTheProcessOutsideMainIsReported() {
        assertReports(ArchitectureRules.onlyMainEndsTheProcess, "java.lang.System.exit(int)");
    }

    @Test
    void javaUtilLoggingIsReported() {
        assertReports(ArchitectureRules.nobodyUsesJavaUtilLogging, "java.util.logging.Logger");
    }

    private static void assertReports(ArchRule rule, String offence) {
        assertThatThrownBy(() -> rule.check(IMPURE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(offence);
    }
}
