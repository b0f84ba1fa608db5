package dev.rivulet.edge.gateway;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which piece a path below {@code /pieces/} names. */
record PieceAddress(ContentId content, int index) {
    private static final Pattern FORM = Pattern.compile("/?([A-Za-z0-9_-]{43})/(0|[1-9][0-9]{0,3})");

    static Optional<PieceAddress> parse(String path) {
        Matcher matcher = FORM.matcher(path);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) >= Limits.MAX_PIECES) {
            return Optional.empty();
        }
        try {
            ContentId content = ContentId.parse(matcher.group(1));
            return Optional.of(new PieceAddress(content, Integer.parseInt(matcher.group(2))));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** A strong validator: the bytes of a piece never change. */
    String etag() {
        return "\"" + content.text() + "." + index + "\"";
    }
}
