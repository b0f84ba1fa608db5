package dev.rivulet.edge.peer.child;

import dev.rivulet.edge.config.LogFormat;
import dev.rivulet.edge.config.LogLevel;
import dev.rivulet.edge.peer.webrtc.UdpPorts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the WebRTC process is told on its command line, each as {@code --name=value}. Nothing secret: everybody on the
 * machine may read it.
 *
 * @param socket of the edge, which it connects to
 * @param ports its connections may use
 * @param logLevel of its log
 * @param logFormat of its log
 * @param library the file of the native library, which it loads
 */
public record ChildArguments(Path socket, UdpPorts ports, LogLevel logLevel, LogFormat logFormat, Path library) {
    private static final String SOCKET = "--socket";
    private static final String PORTS = "--udp-ports";
    private static final String LOG_LEVEL = "--log-level";
    private static final String LOG_FORMAT = "--log-format";
    private static final String LIBRARY = "--library";
    private static final List<String> NAMES = List.of(SOCKET, PORTS, LOG_LEVEL, LOG_FORMAT, LIBRARY);

    /** {@code 0-0} stands for {@link UdpPorts#ANY}. */
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})-([0-9]{1,5})");

    /** The command line, after the name of the main class. */
    public List<String> written() {
        return List.of(
                SOCKET + "=" + socket,
                PORTS + "=" + ports.first() + "-" + ports.last(),
                LOG_LEVEL + "=" + logLevel,
                LOG_FORMAT + "=" + logFormat,
                LIBRARY + "=" + library);
    }

    /** Reads the written form; throws {@link IllegalArgumentException} that names the argument that is wrong. */
    static ChildArguments parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (String argument : arguments) {
            int end = argument.indexOf('=');
            String name = end < 0 ? argument : argument.substring(0, end);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(name + " is none of " + NAMES);
            }
            if (end < 0) {
                throw new IllegalArgumentException(name + " has no value: write " + name + "=…");
            }
            if (values.put(name, argument.substring(end + 1)) != null) {
                throw new IllegalArgumentException(name + " is there twice");
            }
        }
        return new ChildArguments(
                value(values, SOCKET, Path::of),
                value(values, PORTS, ChildArguments::range),
                value(values, LOG_LEVEL, text -> oneOf(LogLevel.values(), text)),
                value(values, LOG_FORMAT, text -> oneOf(LogFormat.values(), text)),
                value(values, LIBRARY, Path::of));
    }

    private static <T> T value(Map<String, String> values, String name, Function<String, T> reader) {
        String text = values.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + "=" + text + ": " + e.getMessage(), e);
        }
    }

    private static UdpPorts range(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("write FIRST-LAST");
        }
        return new UdpPorts(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    private static <E extends Enum<E>> E oneOf(E[] known, String text) {
        return Arrays.stream(known)
                .filter(each -> each.name().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is none of " + Arrays.toString(known)));
    }
}
