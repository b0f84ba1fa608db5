package dev.rivulet.edge.quota;

import dev.rivulet.edge.limit.MonthlyUsage;
import dev.rivulet.edge.store.InPlaceFile;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The month's transfer in a file of one line, such as {@code 2026-11 123456}: the month, and its bytes. A second such line
 * is the month that was counted before, if any: which of both it really is, a wrong clock does not say. Once the file is
 * there, a full disk does not keep it from being written ({@link InPlaceFile}).
 */
final class UsageFile {
    private static final String LINE = "([0-9]{4}-(?:0[1-9]|1[0-2])) ([0-9]{1,18})";
    private static final Pattern FORM = Pattern.compile(LINE + "(?:\\R" + LINE + ")?\\R?");

    private final Path path;
    private final InPlaceFile file;

    UsageFile(Path path) {
        this.path = path;
        this.file = new InPlaceFile(path);
    }

    /** @throws ConfigException when it is there and cannot be read: to begin at nothing could cost the volunteer */
    Optional<MonthlyCount> read() {
        String text;
        try {
            text = file.read();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw damaged(e.toString());
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw damaged("no month and number");
        }
        MonthlyUsage left = matcher.group(3) == null ? null : usage(matcher.group(3), matcher.group(4));
        return Optional.of(new MonthlyCount(usage(matcher.group(1), matcher.group(2)), left));
    }

    private static MonthlyUsage usage(String month, String bytes) {
        return new MonthlyUsage(YearMonth.parse(month), Long.parseLong(bytes));
    }

    private ConfigException damaged(String why) {
        return new ConfigException(
                "data", path.toString(), "is damaged (" + why + "); write the month and its bytes, or remove it");
    }

    void write(MonthlyCount count) throws IOException {
        MonthlyUsage left = count.left();
        file.write(line(count.current()) + (left == null ? "" : "\n" + line(left)));
    }

    private static String line(MonthlyUsage usage) {
        return usage.month() + " " + usage.bytes();
    }
}
