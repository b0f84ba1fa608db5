package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.playlist.HlsPlaylist;
import dev.rivulet.tracker.playlist.HlsPlaylist.Segment;
import dev.rivulet.tracker.playlist.Manifests;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The playlists of a directory, and what they say of the files in it. Read again only when they changed. */
final class Playlists {
    private final URI base;
    private final Map<String, Read> byName = new HashMap<>();
    /** By the name of a file: when the newest playlist that names it as a whole was written. */
    private final Map<String, Instant> named = new HashMap<>();

    private record Read(LocalFile file, Set<String> whole, Set<String> parts) {}

    /** {@code base} is where the directory is served. */
    Playlists(ResourceUrl base) {
        this.base = URI.create(base.text());
    }

    /** Whether it is a playlist or manifest of a stream that goes on, so that its next version is to come. */
    static boolean isLive(LocalFile file) throws IOException {
        return Manifests.isManifest(file.name())
                && file.size() <= HlsPlaylist.MAX_CHARS
                && Manifests.goesOn(file.name(), Files.readString(file.path(), StandardCharsets.ISO_8859_1));
    }

    /** Takes notice of the playlists among all the files that there are. */
    void look(List<LocalFile> found) {
        Map<String, Read> before = Map.copyOf(byName);
        byName.clear();
        named.clear();
        Set<String> parts = new HashSet<>();
        for (LocalFile file : found) {
            if (Manifests.isHls(file.name()) && file.size() <= HlsPlaylist.MAX_CHARS) {
                Read read = read(file, before.get(file.name()));
                byName.put(file.name(), read);
                read.whole().forEach(name -> named.merge(name, file.modified(), Playlists::later));
                parts.addAll(read.parts());
            }
        }
        named.keySet().removeAll(parts);
    }

    /** Whether a playlist written after the file names it, as a whole. */
    boolean vouchFor(LocalFile file) {
        Instant written = named.get(file.name());
        // A packager that begins anew writes segments which the playlist of its last run names already.
        return written != null && !file.modified().isAfter(written);
    }

    private Read read(LocalFile file, @Nullable Read before) {
        if (before != null && file.isUnchangedFrom(before.file())) {
            return before;
        }
        Set<String> whole = new HashSet<>();
        Set<String> parts = new HashSet<>();
        try {
            String text = Files.readString(file.path(), StandardCharsets.UTF_8);
            // A line without its end may be half of one.
            Optional<HlsPlaylist> playlist = parsed(text.substring(0, text.lastIndexOf('\n') + 1));
            for (Segment segment : playlist.map(HlsPlaylist::segments).orElse(List.of())) {
                nameOf(file, segment.uri()).ifPresent((segment.isPart() ? parts : whole)::add);
            }
        } catch (IOException e) {
            // Gone, half written or no text: nothing is known of its segments until it is written again.
            return new Read(file, Set.of(), Set.of());
        }
        return new Read(file, whole, parts);
    }

    private static Optional<HlsPlaylist> parsed(String text) {
        try {
            return Optional.of(HlsPlaylist.parse(text));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** The name of the file below the directory that a playlist means. */
    private Optional<String> nameOf(LocalFile playlist, String uri) {
        try {
            URI from = URI.create(ResourceUrl.ofPath(ResourceUrl.parseBase(base.toString()), playlist.name())
                    .text());
            URI url = from.resolve(uri.replace(" ", "%20"));
            String path = url.getPath();
            boolean isBelow = base.getScheme().equals(url.getScheme())
                    && base.getRawAuthority().equals(url.getRawAuthority())
                    && path.startsWith(base.getPath());
            return isBelow ? Optional.of(path.substring(base.getPath().length())) : Optional.empty();
        } catch (DecodeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
