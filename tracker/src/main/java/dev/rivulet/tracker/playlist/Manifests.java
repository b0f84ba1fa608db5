package dev.rivulet.tracker.playlist;

import dev.rivulet.protocol.DecodeException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells manifests of streams that go on from those of what is complete, and from other files. */
public final class Manifests {
    private static final String HLS = ".m3u8";
    private static final String DASH = ".mpd";
    /** ISO/IEC 23009-1, 5.3.1.2: a manifest that may be updated. */
    private static final Pattern DYNAMIC = Pattern.compile("<MPD\\s[^>]*type\\s*=\\s*[\"']dynamic[\"']");

    private Manifests() {}

    /** Whether a file of this name or path is an HLS playlist. */
    public static boolean isHls(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(HLS);
    }

    /** Whether a file of this name or path is an HLS playlist or a DASH manifest. */
    public static boolean isManifest(String name) {
        return isHls(name) || name.toLowerCase(Locale.ROOT).endsWith(DASH);
    }

    /** Whether the next version of it is to come. False also of what is no manifest at all. */
    public static boolean goesOn(String name, String text) {
        return isHls(name)
                ? hasNoEnd(text)
                : isManifest(name) && DYNAMIC.matcher(text).find();
    }

    private static boolean hasNoEnd(String text) {
        try {
            return !HlsPlaylist.parse(text).ended();
        } catch (DecodeException e) {
            return false;
        }
    }
}
