package dev.rivulet.edge.served;

import dev.rivulet.edge.thread.RareLog;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.transfer.ServedTally;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.ServedDay;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what was served to the day's file, again and again, with its signature. Thread-safe.
 *
 * <pre>
 * directory/
 *   2026-11-21.json       a {@link ServedDay}; names the hash of the file before it
 *   2026-11-21.json.jws   the edge's signature of it
 * </pre>
 */
public final class ServedLog implements AutoCloseable {
    /** How often it is written: what {@code kill -9} or a power failure can make it forget, and what it can count a day late. */
    public static final Duration PERIOD = Duration.ofSeconds(30);

    /** A clock that says less is wrong. */
    private static final LocalDate LEAST_DAY = LocalDate.of(2026, 1, 1);

    private static final Logger log = LoggerFactory.getLogger(ServedLog.class);

    private final LogDirectory directory;
    private final Author author;
    private final int days;
    private final ServedTally tally;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Threads.single("served-log");
    private @Nullable ServedDay current;
    private @Nullable Sha256 last;
    private @Nullable LocalDate tidied;
    /** The day that the current one stood under while the clock was ahead; its file goes when the current one's is written. */
    private @Nullable LocalDate mistaken;

    /** The day whose file makes way before anything is written. */
    private @Nullable LocalDate aside;

    private boolean unwritten;
    private final RareLog refusals = new RareLog();

    /** Whose log it is. */
    public record Author(SiteId site, SigningKey identity) {}

    private ServedLog(LogDirectory directory, Author author, int days, ServedTally tally, InstantSource clock) {
        this.directory = directory;
        this.author = author;
        this.days = days;
        this.tally = tally;
        this.clock = clock;
    }

    /**
     * Takes up the log where it was left, and signs what the last process could not.
     *
     * @param days how many of the last days that have a file are kept, that of today included
     */
    public static ServedLog open(Path directory, Author author, int days, ServedTally tally, InstantSource clock)
            throws IOException {
        ServedLog made = new ServedLog(new LogDirectory(directory), author, days, tally, clock);
        made.takeUp();
        return made;
    }

    private void takeUp() throws IOException {
        List<LocalDate> known = directory.days();
        if (known.isEmpty()) {
            return;
        }
        LocalDate day = known.get(known.size() - 1);
        byte[] file = directory.read(day);
        try {
            ServedDay read = ServedDay.parse(file);
            boolean isOurs = read.site().equals(author.site())
                    && read.key().equals(author.identity().publicKey())
                    && read.day().equals(day);
            if (isOurs) {
                current = read;
                if (!directory.isSigned(day, file, read.key())) {
                    sign(day, file);
                }
            } else {
                last = ServedDay.hashOf(file);
            }
        } catch (DecodeException e) {
            log.warn("the log of {} is damaged ({}); it is kept as it is", day, e.getMessage());
            last = ServedDay.hashOf(file);
        }
        if (current == null && !day.isBefore(today())) {
            // Today's file is somebody else's, or damaged: it must not be written over.
            aside = day;
            try {
                makeWay();
            } catch (IOException e) {
                refused(e);
            }
        }
    }

    private void makeWay() throws IOException {
        LocalDate inTheWay = aside;
        if (inTheWay != null) {
            directory.setAside(inTheWay);
            aside = null;
        }
    }

    private void sign(LocalDate day, byte[] file) {
        try {
            directory.sign(day, author.identity().signServed(file));
        } catch (IOException e) {
            refused(e);
        }
    }

    /** What was counted is in memory, and is written when the disk takes it again. */
    private void refused(IOException e) {
        unwritten = true;
        refusals.next()
                .ifPresent(
                        more -> log.warn("the log of what was served could not be written: {}{}", e.toString(), more));
    }

    /** Begins to write. */
    public void start() {
        Threads.repeat(thread, PERIOD, this::keep);
    }

    /** Writes what was served since the last call, if anything was, and what the disk refused before. */
    public synchronized void keep() {
        if (unwritten && current != null) {
            write(current);
        }
        ServedTally.Taken taken = tally.take();
        if (taken.isEmpty()) {
            return;
        }
        ServedDay day = dayFor(today()).plus(taken.contents(), taken.others());
        current = day;
        if (!unwritten) {
            write(day);
        }
    }

    private void write(ServedDay day) {
        try {
            makeWay();
            byte[] file = day.file();
            directory.write(day.day(), file);
            directory.sign(day.day(), author.identity().signServed(file));
            unwritten = false;
            if (mistaken != null) {
                directory.delete(mistaken);
                mistaken = null;
            }
            if (!day.day().equals(tidied)) {
                directory.keepLast(days);
                tidied = day.day();
            }
        } catch (IOException e) {
            refused(e);
        }
    }

    /**
     * A clock that was set back does not begin a day: the last one goes on, unless it turns out that the clock had been
     * ahead. So it does while the disk refuses it, for the next day names its file's hash.
     */
    private ServedDay dayFor(LocalDate today) {
        ServedDay before = current;
        if (before == null) {
            return ServedDay.begin(author.site(), today, author.identity().publicKey(), last);
        }
        if (unwritten) {
            return before;
        }
        if (before.day().isAfter(today.plusDays(1))) {
            return wasAhead(before, today);
        }
        return today.isAfter(before.day()) ? before.next(today) : before;
    }

    /**
     * What stands under a day that is far ahead of today belongs to today, unless it is today's clock that is wrong, since
     * it is before the last day but one.
     */
    private ServedDay wasAhead(ServedDay ahead, LocalDate today) {
        try {
            LocalDate last = directory.days().stream()
                    .filter(day -> day.isBefore(ahead.day()))
                    .reduce(LEAST_DAY, (one, later) -> later);
            if (today.isBefore(last)) {
                return ahead;
            }
            ServedDay right = today.equals(last) ? reopened(last, ahead) : dated(ahead, today);
            mistaken = ahead.day();
            log.info("the log of {} goes on as that of {}: the clock was ahead", ahead.day(), today);
            return right;
        } catch (IOException | DecodeException e) {
            log.warn("the log of {} goes on, though it is {}: {}", ahead.day(), today, e.toString());
            return ahead;
        }
    }

    /** Today's file goes on with what was counted under a later day; that has been done before if it is not the one named there. */
    private ServedDay reopened(LocalDate day, ServedDay ahead) throws IOException, DecodeException {
        byte[] file = directory.read(day);
        ServedDay read = ServedDay.parse(file);
        if (!read.key().equals(author.identity().publicKey())) {
            throw new IOException("today's file is another edge's");
        }
        boolean follows = ServedDay.hashOf(file).equals(ahead.previous());
        return follows ? read.plus(ahead.contents(), ahead.others()) : read;
    }

    private static ServedDay dated(ServedDay day, LocalDate today) {
        return new ServedDay(day.site(), today, day.key(), day.previous(), day.contents(), day.others());
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** Writes the last of it. */
    @Override
    public void close() {
        Threads.stop(thread);
        keep();
    }
}
