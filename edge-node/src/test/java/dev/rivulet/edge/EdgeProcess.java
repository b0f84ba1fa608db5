package dev.rivulet.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged jar, run as a volunteer runs it. */
final class EdgeProcess {
    /** In the environment of every edge. */
    static final String MARKER = "only-for-the-edge";

    private static final Pattern STATUS = Pattern.compile("status at (http://127\\.0\\.0\\.1:[1-9][0-9]*)");
    private static final long READY_SECONDS = 120;
    private static final long PAUSE_MILLIS = 10;

    private final Process process;
    private final Path out;
    private final Path err;

    private EdgeProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** @param home its working directory, which also gets what it prints */
    static EdgeProcess start(Path home, List<String> arguments) throws IOException {
        return start(home, List.of(), arguments);
    }

    /** @param wrapper a command that becomes the edge, whose command line follows */
    static EdgeProcess start(Path home, List<String> wrapper, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "rivulet-edge.jar").toAbsolutePath().toString()));
        command.addAll(arguments);
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("NOT_FOR_CHILDREN", MARKER);
        builder.environment().put("RIVULET_EDGE_STATUS", "127.0.0.1:0");
        Process process = builder.directory(home.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new EdgeProcess(process, out, err);
    }

    long pid() {
        return process.pid();
    }

    /** The processes that it has started and that run. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** Waits for the ready line, and returns it. */
    String ready() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (true) {
            Optional<String> line = Files.readString(out)
                    .lines()
                    .filter(each -> each.startsWith("ready"))
                    .findFirst();
            if (line.isPresent() && Files.readString(out).endsWith("\n")) {
                return line.get();
            }
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("not ready: " + stdout() + stderr());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** The address of the ready line. */
    String url() throws IOException, InterruptedException {
        return ready().substring("ready ".length());
    }

    /** The address of its status page, from the log. */
    String statusUrl() throws IOException, InterruptedException {
        ready();
        Matcher said = STATUS.matcher(stderr());
        if (!said.find()) {
            throw new AssertionError("no status page: " + stderr());
        }
        return said.group(1);
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Sends SIGKILL, and waits. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode(READY_SECONDS);
    }

    int exitCode(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs after " + seconds + " s");
        }
        return process.exitValue();
    }

    /** When it has ended by itself: its exit code. */
    int exitCode() throws InterruptedException {
        return exitCode(READY_SECONDS);
    }

    String stdout() throws IOException {
        return Files.readString(out);
    }

    String stderr() throws IOException {
        return Files.readString(err);
    }

    /** How many lines of the log have this in them. */
    long lines(String text) {
        try {
            return stderr().lines().filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the log has this in it. */
    boolean says(String text) {
        return lines(text) > 0;
    }

    String lastLine() throws IOException {
        return stderr().lines().reduce((first, second) -> second).orElse("");
    }

    /** Leaves nothing running, whatever state it is in. */
    void end() {
        process.destroyForcibly().onExit().join();
    }
}
