package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an edge served on one day, for its volunteer: no word of to whom. Its file is JSON, a line for every content; a
 * JWS of {@code typ} {@value #TYPE} beside it names the file's SHA-256.
 *
 * @param day in UTC
 * @param key the edge's identity
 * @param previous SHA-256 of the file of the last day before that has one; null for the first
 * @param contents at most {@value #MAX_CONTENTS}
 * @param others of all contents that there was no room to name
 */
public record ServedDay(
        SiteId site, LocalDate day, PublicKey key, @Nullable Sha256 previous, List<Served> contents, Ways others) {
    /** Contents named in a day's file, some hundred bytes each. */
    public static final int MAX_CONTENTS = 10_000;

    /** The most bytes of a file: room for that many of the longest URLs. */
    public static final int MAX_BYTES = 32 << 20;

    static final String TYPE = "rivulet-served";

    private static final String CONTENT = "content";

    /**
     * Payload bytes of one kind of transport, and how many answers they were.
     *
     * @param count answers that were begun
     */
    public record Amount(long bytes, long count) {
        public static final Amount NONE = new Amount(0, 0);

        public Amount {
            Check.count("bytes", bytes);
            Check.count("count", count);
        }

        private Amount plus(Amount more) {
            return new Amount(bytes + more.bytes, count + more.count);
        }

        private ObjectNode encode() {
            return Json.object().put("bytes", bytes).put("count", count);
        }

        private static Amount decode(JsonFields fields) throws DecodeException {
            return fields.make(() -> new Amount(fields.number("bytes"), fields.number("count")));
        }
    }

    /** Over WebRTC, and over HTTP. */
    public record Ways(Amount webrtc, Amount http) {
        public static final Ways NONE = new Ways(Amount.NONE, Amount.NONE);

        /** Both together. */
        public Ways plus(Ways more) {
            return new Ways(webrtc.plus(more.webrtc), http.plus(more.http));
        }

        /** Bytes of both. */
        public long bytes() {
            return webrtc.bytes() + http.bytes();
        }

        private ObjectNode into(ObjectNode node) {
            node.set("webrtc", webrtc.encode());
            node.set("http", http.encode());
            return node;
        }

        private static Ways decode(JsonFields fields) throws DecodeException {
            return new Ways(fields.object("webrtc", Amount::decode), fields.object("http", Amount::decode));
        }
    }

    /**
     * What was served of one content.
     *
     * @param url one that it has, if any was heard
     */
    public record Served(ContentId content, @Nullable ResourceUrl url, Ways ways) {
        private Served plus(Served more) {
            return new Served(content, more.url == null ? url : more.url, ways.plus(more.ways));
        }
    }

    public ServedDay {
        contents = Check.list("contents", contents, 0, MAX_CONTENTS);
    }

    /** A day on which nothing was served yet. */
    public static ServedDay begin(SiteId site, LocalDate day, PublicKey key, @Nullable Sha256 previous) {
        return new ServedDay(site, day, key, previous, List.of(), Ways.NONE);
    }

    /** This and more; contents for which there is no room count among the others. */
    public ServedDay plus(List<Served> more, Ways moreOthers) {
        Map<ContentId, Served> all = new LinkedHashMap<>();
        contents.forEach(served -> all.put(served.content(), served));
        Ways rest = others.plus(moreOthers);
        BinaryOperator<Served> sum = Served::plus;
        for (Served served : more) {
            if (all.size() < MAX_CONTENTS || all.containsKey(served.content())) {
                all.merge(served.content(), served, sum);
            } else {
                rest = rest.plus(served.ways());
            }
        }
        return new ServedDay(site, day, key, previous, List.copyOf(all.values()), rest);
    }

    /** The day after which this one is the next that has a file. */
    public ServedDay next(LocalDate later) {
        return begin(site, later, key, hashOf(file()));
    }

    /** Bytes of all. */
    public long bytes() {
        return others.bytes()
                + contents.stream().mapToLong(served -> served.ways().bytes()).sum();
    }

    /** The file's bytes. */
    public byte[] file() {
        ObjectNode node = Json.object()
                .put("site", site.text())
                .put("day", day.toString())
                .put("key", key.text())
                .put("previous", previous == null ? null : previous.text());
        node.set("others", others.into(Json.object()));
        ArrayNode list = node.putArray("contents");
        for (Served served : contents) {
            ObjectNode line = Json.object().put(CONTENT, served.content().text());
            if (served.url() != null) {
                line.put("url", served.url().text());
            }
            list.add(served.ways().into(line));
        }
        String begin = "{\"" + CONTENT + "\"";
        return (Json.write(node).replace(begin, "\n" + begin) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a file's bytes. */
    public static ServedDay parse(byte[] file) throws DecodeException {
        String text = new String(file, StandardCharsets.UTF_8).strip();
        JsonFields fields = Json.parse("served", text);
        return fields.make(() -> new ServedDay(
                fields.value("site", SiteId::parse),
                fields.value("day", ServedDay::day),
                fields.value("key", PublicKey::parse),
                fields.isNull("previous") ? null : fields.value("previous", Sha256::parse),
                fields.objects("contents", MAX_CONTENTS, ServedDay::served),
                fields.object("others", Ways::decode)));
    }

    private static LocalDate day(String text) throws DecodeException {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new DecodeException("day", "no date");
        }
    }

    private static Served served(JsonFields fields) throws DecodeException {
        return new Served(
                fields.value(CONTENT, ContentId::parse),
                fields.optionalValue("url", ResourceUrl::parse),
                Ways.decode(fields));
    }

    /** What a file is called by the next one, and by its signature. */
    public static Sha256 hashOf(byte[] file) {
        return Sha256.of(file);
    }

    /** Whether {@code jws} is that key's word for a file of these bytes. */
    public static boolean isSigned(byte[] file, String jws, PublicKey key) {
        try {
            Jws parsed = Jws.parse(TYPE, jws.strip());
            return parsed.isSignedBy(key)
                    && parsed.payload(fields -> fields.text("sha256"))
                            .equals(hashOf(file).text());
        } catch (CatalogException e) {
            return false;
        }
    }

    static ObjectNode statement(byte[] file) {
        return Json.object().put("sha256", hashOf(file).text());
    }
}
