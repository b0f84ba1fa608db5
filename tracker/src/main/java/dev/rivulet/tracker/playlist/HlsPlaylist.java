package dev.rivulet.tracker.playlist;

import dev.rivulet.protocol.DecodeException;
import io.lindstrom.m3u8.model.AlternativeRendition;
import io.lindstrom.m3u8.model.MasterPlaylist;
import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.model.PlaylistType;
import io.lindstrom.m3u8.model.SegmentMap;
import io.lindstrom.m3u8.model.Variant;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.lindstrom.m3u8.parser.ParsingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an HLS playlist (RFC 8216) names. URIs are as they stand there, relative ones included.
 *
 * @param playlists those that a multivariant playlist names, each once; empty for a media playlist
 * @param segments those of a media playlist, in order, initialization sections among them, each once
 * @param targetSeconds how long a segment is at most; 0 in a multivariant playlist
 * @param lastSeconds how long the last segment is; 0 when there is none
 * @param ended whether there is nothing to come
 */
public record HlsPlaylist(
        List<String> playlists, List<Segment> segments, int targetSeconds, double lastSeconds, boolean ended) {
    /** A longer text is none of a playlist that is reloaded all the time, in characters. */
    public static final int MAX_CHARS = 1024 * 1024;

    private static final String STREAM = "#EXT-X-STREAM-INF:";

    public HlsPlaylist {
        playlists = List.copyOf(playlists);
        segments = List.copyOf(segments);
    }

    /**
     * A resource that holds media.
     *
     * @param isPart whether it is named by a range of it only, so that more of it may be to come
     */
    public record Segment(String uri, boolean isPart) {}

    /** Reads a playlist; what it says besides is passed over. */
    public static HlsPlaylist parse(String text) throws DecodeException {
        if (text.length() > MAX_CHARS) {
            throw new DecodeException("playlist", "longer than " + MAX_CHARS + " characters");
        }
        try {
            return text.contains(STREAM)
                    ? of(new MasterPlaylistParser(ParsingMode.LENIENT).readPlaylist(text))
                    : of(new MediaPlaylistParser(ParsingMode.LENIENT).readPlaylist(text));
        } catch (Exception e) {
            // The parser checks what it reads by whatever is thrown, numbers and dates for instance.
            throw new DecodeException("playlist", String.valueOf(e.getMessage()));
        }
    }

    private static HlsPlaylist of(MasterPlaylist master) {
        Stream<String> variants = master.variants().stream().map(Variant::uri);
        Stream<String> renditions = master.alternativeRenditions().stream()
                .map(AlternativeRendition::uri)
                .flatMap(Optional::stream);
        return new HlsPlaylist(Stream.concat(variants, renditions).distinct().toList(), List.of(), 0, 0, true);
    }

    private static HlsPlaylist of(MediaPlaylist media) {
        Set<Segment> segments = new LinkedHashSet<>();
        double lastSeconds = 0;
        for (MediaSegment segment : media.mediaSegments()) {
            segment.segmentMap().map(HlsPlaylist::section).ifPresent(segments::add);
            if (!segment.gap()) {
                segments.add(new Segment(segment.uri(), segment.byteRange().isPresent()));
            }
            lastSeconds = segment.duration();
        }
        boolean ended = !media.ongoing()
                || media.playlistType().filter(PlaylistType.VOD::equals).isPresent();
        return new HlsPlaylist(List.of(), new ArrayList<>(segments), media.targetDuration(), lastSeconds, ended);
    }

    private static Segment section(SegmentMap map) {
        return new Segment(map.uri(), map.byteRange().isPresent());
    }
}
