package dev.rivulet.tracker.publishing.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides which of the files that were found are written to their end. No file system tells, so it goes by what writers
 * do. A file is complete
 *
 * <ul>
 *   <li>once an HLS playlist names it that was written after it: RFC 8216 §6.2.1 has segments be there before. This is how
 *       ffmpeg and most packagers publish, which write the segment under its name and rename the playlist into place;
 *   <li>once it was renamed from the name of a draft, as ffmpeg's DASH segments and careful programs are;
 *   <li>else once nothing has been written to it for {@value #SETTLED_MS} ms, or for long when it is met first.
 * </ul>
 *
 * <p>Time is a parameter. Not thread-safe.
 */
final class Completeness {
    /** How long a file that nothing vouches for has to stay as it is, in milliseconds. */
    static final long SETTLED_MS = 5000;
    /** A file that is this old when it is met first is nobody's unfinished work. */
    static final Duration OLD = Duration.ofMinutes(1);

    private static final List<String> DRAFT_SUFFIXES = List.of(".tmp", ".temp", ".part", ".partial");

    private final Map<String, Seen> byName = new HashMap<>();
    /** Keys of the drafts that there were the last time. */
    private Set<Object> drafts = Set.of();

    private record Seen(LocalFile file, long sinceMs, boolean isComplete) {}

    /** Whether a file of this name is not meant to stay. */
    static boolean isDraft(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return DRAFT_SUFFIXES.stream().anyMatch(lowerCase::endsWith);
    }

    /**
     * Those that are complete, drafts never.
     *
     * @param found all there are now
     * @param isNamed whether a playlist vouches for a file
     * @param nowMs milliseconds since whenever, never going back
     */
    List<LocalFile> of(List<LocalFile> found, Predicate<LocalFile> isNamed, Instant now, long nowMs) {
        List<LocalFile> complete = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Object> draftsNow = new HashSet<>();
        for (LocalFile file : found) {
            if (isDraft(file.name())) {
                if (file.key() != null) {
                    draftsNow.add(file.key());
                }
                continue;
            }
            names.add(file.name());
            Seen seen = look(file, isNamed, now, nowMs);
            byName.put(file.name(), seen);
            if (seen.isComplete()) {
                complete.add(file);
            }
        }
        byName.keySet().retainAll(names);
        drafts = draftsNow;
        return complete;
    }

    private Seen look(LocalFile file, Predicate<LocalFile> isNamed, Instant now, long nowMs) {
        Seen before = byName.get(file.name());
        long sinceMs = nowMs;
        if (before != null && file.isUnchangedFrom(before.file())) {
            if (before.isComplete()) {
                return before;
            }
            sinceMs = before.sinceMs();
        }
        boolean isComplete = isNamed.test(file)
                || (file.key() != null && drafts.contains(file.key()))
                || (before == null && file.modified().isBefore(now.minus(OLD)))
                || nowMs - sinceMs >= SETTLED_MS;
        return new Seen(file, sinceMs, isComplete);
    }
}
