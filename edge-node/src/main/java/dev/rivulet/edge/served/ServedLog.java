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
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
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

    /** The days whose files make way before anything is written. */
    private final Queue<LocalDate> inTheWay = new ArrayDeque<>();

    /** Whether it is known what is there; before that, what is written could be written over it. */
    private boolean takenUp;

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
    public static ServedLog open(Path directory, Author author, int days, ServedTally tally, InstantSource clock) {
        ServedLog made = new ServedLog(new LogDirectory(directory), author, days, tally, clock);
        made.takeUp();
        return made;
    }

    private void takeUp() {
        List<LocalDate> known;
        try {
            known = directory.days();
        } catch (IOException e) {
            refusals.next()
                    .ifPresent(more -> log.warn(
                            "the log of what was served cannot be taken up: {}; it is counted meanwhile{}",
                            e.toString(),
                            more));
            return;
        }
        takenUp = true;
        int newest = known.size() - 1;
        while (newest >= 0 && !takeUp(known.get(newest))) {
            newest--;
        }
        try {
            makeWay();
        } catch (IOException e) {
            refused(e);
        }
    }

    /** Goes on from the file of a day; false where that is not to be, and it is later than today. */
    private boolean takeUp(LocalDate day) {
        try {
            byte[] file = directory.read(day);
            last = ServedDay.hashOf(file);
            ServedDay read = ServedDay.parse(file);
            if (isOurs(read, day)) {
                current = read;
                if (!directory.isSigned(day, file, read.key())) {
                    sign(day, file);
                }
                return true;
            }
        } catch (IOException e) {
            log.warn("the log of {} cannot be read ({}); it is kept as it is, and not followed", day, e.toString());
            last = null;
        } catch (DecodeException e) {
            log.warn("the log of {} is damaged ({}); it is kept as it is", day, e.getMessage());
        }
        if (day.isBefore(today())) {
            return true;
        }
        // It must not be written over; nor must what is before it, if that is today's.
        inTheWay.add(day);
        return day.equals(today());
    }

    private boolean isOurs(ServedDay read, LocalDate day) {
        return read.site().equals(author.site())
                && read.key().equals(author.identity().publicKey())
                && read.day().equals(day);
    }

    private void makeWay() throws IOException {
        for (LocalDate day = inTheWay.peek(); day != null; day = inTheWay.peek()) {
            directory.setAside(day);
            inTheWay.remove();
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
        if (!takenUp) {
            takeUp();
        }
        if (!takenUp) {
            return;
        }
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
        } catch (IOException e) {
            refused(e);
            return;
        }
        if (!day.day().equals(tidied)) {
            tidied = day.day();
            tidy();
        }
    }

    /** Once a day: what cannot be deleted keeps nothing from being written. */
    private void tidy() {
        try {
            directory.keepLast(days);
        } catch (IOException e) {
            log.warn("former days of the log could not be deleted: {}", e.toString());
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
        } catch (IOException e) {
            log.warn("the log of {} goes on, though it is {}: {}", ahead.day(), today, e.toString());
            return ahead;
        }
    }

    /**
     * Today's file goes on with what was counted under a later day; that has been done before if it is not the one named
     * there. One that nothing can be added to makes way.
     */
    private ServedDay reopened(LocalDate day, ServedDay ahead) {
        String obstacle = "another edge's";
        try {
            byte[] file = directory.read(day);
            ServedDay read = ServedDay.parse(file);
            if (isOurs(read, day)) {
                boolean follows = ServedDay.hashOf(file).equals(ahead.previous());
                return follows ? read.plus(ahead.contents(), ahead.others()) : read;
            }
        } catch (IOException | DecodeException e) {
            obstacle = e.toString();
        }
        log.warn("the log of {} cannot go on ({}); it is kept as it is", day, obstacle);
        inTheWay.add(day);
        return dated(ahead, day);
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
