package dev.rivulet.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/**
 * The few rules of who may know whom. A module runs them with
 * {@code @ArchTest static final ArchTests rules = ArchTests.in(ArchitectureRules.class)}.
 */
public final class ArchitectureRules {
    /** Packages whose decisions are values in, values out: time and randomness are parameters. */
    private static final DescribedPredicate<JavaClass> PURE = resideInAnyPackage(
                    "dev.rivulet.protocol..",
                    "dev.rivulet..swarm..",
                    "dev.rivulet..cache..",
                    "dev.rivulet..limit..",
                    "dev.rivulet..transfer..",
                    "dev.rivulet..catalog..")
            .as("pure code");

    private static final Set<String> WORLD_CLASSES = Set.of(
            "java.io.Console",
            "java.io.File",
            "java.io.FileDescriptor",
            "java.io.FileInputStream",
            "java.io.FileOutputStream",
            "java.io.FileReader",
            "java.io.FileWriter",
            "java.io.RandomAccessFile",
            "java.net.DatagramSocket",
            "java.net.HttpURLConnection",
            "java.net.MulticastSocket",
            "java.net.NetworkInterface",
            "java.net.ServerSocket",
            "java.net.Socket",
            "java.net.URL",
            "java.net.URLConnection",
            "java.lang.ProcessBuilder",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.util.Timer",
            "java.util.concurrent.Executors",
            "java.util.concurrent.ForkJoinPool",
            "java.util.concurrent.ScheduledThreadPoolExecutor",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.ThreadPoolExecutor");

    private static final DescribedPredicate<JavaClass> THE_WORLD = resideInAnyPackage(
                    "java.net.http..", "java.nio.file..", "java.nio.channels..", "java.sql..", "javax.net..")
            .or(describe("sockets, files, threads", type -> WORLD_CLASSES.contains(type.getName())));

    private static final DescribedPredicate<JavaCall<?>> AMBIENT_TIME_OR_CHANCE =
            describe("read a clock or roll dice of their own", ArchitectureRules::readsClockOrDice);

    private ArchitectureRules() {}

    @ArchTest
    static final ArchRule protocolKnowsNeitherServer = noClasses()
            .that()
            .resideInAPackage("dev.rivulet.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.rivulet.tracker..", "dev.rivulet.edge..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule trackerDoesNotKnowTheEdge = noClasses()
            .that()
            .resideInAPackage("dev.rivulet.tracker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rivulet.edge..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule edgeDoesNotKnowTheTracker = noClasses()
            .that()
            .resideInAPackage("dev.rivulet.edge..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.rivulet.tracker..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule pureCodeTouchesNoSocketFileOrThread =
            noClasses().that(PURE).should().dependOnClassesThat(THE_WORLD).allowEmptyShould(true);

    @ArchTest
    static final ArchRule pureCodeTakesTimeAndChanceAsParameters = noClasses()
            .that(PURE)
            .should()
            .callCodeUnitWhere(AMBIENT_TIME_OR_CHANCE)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyTheWebRtcPackageKnowsTheNativeLibrary = noClasses()
            .that(not(resideInAnyPackage("dev.rivulet.edge.peer.webrtc..", "dev.rivulet.bench..", "dev.rivulet.e2e..")))
            .should()
            .dependOnClassesThat(resideInAPackage("dev.onvoid.webrtc.."))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesFormNoCycles =
            slices().matching("dev.rivulet.(*).(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyMainEndsTheProcess = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobodyUsesJavaUtilLogging = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..")
            .allowEmptyShould(true);

    private static boolean readsClockOrDice(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        String name = call.getTarget().getName();
        boolean withoutArguments = call.getTarget().getRawParameterTypes().isEmpty();
        return switch (owner) {
            case "java.lang.System" -> name.equals("currentTimeMillis") || name.equals("nanoTime");
            case "java.lang.Math" -> name.equals("random");
            case "java.time.Clock" -> name.startsWith("system") || name.matches("tick.+");
            case "java.util.UUID" -> name.equals("randomUUID");
            case "java.util.Random", "java.util.SplittableRandom", "java.util.Date" ->
                name.equals("<init>") && withoutArguments;
            case "java.security.SecureRandom" -> name.equals("<init>") || name.equals("getInstanceStrong");
            case "java.net.InetAddress" -> name.endsWith("ByName") || name.equals("getLocalHost");
            default -> owner.startsWith("java.time.") && name.equals("now") && withoutArguments;
        };
    }
}
