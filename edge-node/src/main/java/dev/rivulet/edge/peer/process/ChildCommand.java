package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.config.LogFormat;
import dev.rivulet.edge.config.LogLevel;
import dev.rivulet.edge.peer.child.ChildArguments;
import dev.rivulet.edge.peer.child.WebRtcMain;
import dev.rivulet.edge.peer.webrtc.UdpPorts;
import dev.rivulet.protocol.Limits;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a WebRTC process is started: the same Java and jar, another main, little memory, and nothing secret in its arguments
 * and environment.
 *
 * @param ports its connections may use; a process that ends and its successor share them, since a port that is taken is
 *     passed over
 * @param connections it has at a time at most
 * @param logLevel of its log, which goes to this process's stderr
 * @param logFormat of its log
 */
public record ChildCommand(UdpPorts ports, int connections, LogLevel logLevel, LogFormat logFormat)
        implements Launcher {
    /** Heap for the program itself and what waits for the edge. */
    static final int BASE_HEAP_MIB = 48;

    /** Heap that {@link ReplacementLimits#MESSAGES} leak until the process is replaced, twice, as it drains. */
    static final int LEAKED_HEAP_MIB = 80;

    /** Heap for what was made since the last collection. */
    static final int YOUNG_HEAP_MIB = 6;

    /** What is written of a crash; the next one overwrites it. */
    static final String CRASH_FILE = "webrtc-crash.log";

    /** How often native memory that nobody uses any more goes back to the system, which glibc does rarely by itself. */
    static final Duration TRIM_PERIOD = Duration.ofSeconds(5);

    /** All that the process gets of the environment: nothing that says more than where libraries and languages are. */
    private static final Set<String> ENVIRONMENT = Set.of("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT");

    private static final int MIB = 1 << 20;

    @Override
    public Process start(Path directory, Path socket, Path library) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(arguments(directory, socket, library))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(ENVIRONMENT);
        // glibc keeps a pool of freed memory per thread otherwise; the library has many threads.
        environment.put("MALLOC_ARENA_MAX", "2");
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    List<String> arguments(Path directory, Path socket, Path library) {
        List<String> arguments = new ArrayList<>();
        arguments.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        arguments.addAll(List.of("-Xms8m", "-Xmx" + heapMib() + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        // Nearly all garbage is blocks on their way to the library, and gone at once: collect little, often.
        arguments.addAll(List.of("-Xmn" + YOUNG_HEAP_MIB + "m", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=25"));
        // An older Java 17 does not know how to, and shall start nonetheless.
        arguments.add("-XX:+IgnoreUnrecognizedVMOptions");
        arguments.add("-XX:TrimNativeHeapInterval=" + TRIM_PERIOD.toMillis());
        arguments.add("-XX:+ExitOnOutOfMemoryError");
        // Crashes leave one file, and neither cores nor the statistics that others would read.
        arguments.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + directory.resolve(CRASH_FILE)));
        arguments.add("-XX:-UsePerfData");
        // Nothing is written there; or else it would be where everybody may write.
        arguments.add("-Djava.io.tmpdir=" + directory);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), WebRtcMain.class.getName()));
        arguments.addAll(new ChildArguments(socket, ports, logLevel, logFormat, library).written());
        return arguments;
    }

    private int heapMib() {
        long buffers = (long) connections * Limits.MAX_SEND_BUFFER_BYTES;
        return BASE_HEAP_MIB + LEAKED_HEAP_MIB + (int) (buffers / MIB);
    }
}
