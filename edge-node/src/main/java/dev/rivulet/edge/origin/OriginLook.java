package dev.rivulet.edge.origin;

import dev.rivulet.protocol.http.HeaderFields;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** What an origin answers to an anonymous visitor; the body is under way. Used by one thread but for {@link #abort}. */
public final class OriginLook implements AutoCloseable {
    /** The length of a body that does not say it. */
    public static final long UNKNOWN = -1;

    private final OriginHttp.Exchange exchange;

    OriginLook(OriginHttp.Exchange exchange) {
        this.exchange = exchange;
    }

    public int status() {
        return exchange.response().getCode();
    }

    public HeaderFields headers() {
        Map<String, List<String>> fields = new HashMap<>();
        for (Header header : exchange.response().getHeaders()) {
            fields.computeIfAbsent(header.getName(), name -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        return HeaderFields.of(fields);
    }

    /**
     * The declared length of the body; {@link #UNKNOWN} when it comes in chunks.
     *
     * @throws OriginException when a part of it would look like the whole
     */
    public long length() throws OriginException {
        HttpEntity body = exchange.response().getEntity();
        if (body == null) {
            return 0;
        }
        if (body.getContentLength() < 0 && !body.isChunked()) {
            throw new OriginException("neither Content-Length nor chunked");
        }
        return Math.max(UNKNOWN, body.getContentLength());
    }

    /** The body; not to be closed, which would read all that is left of it. */
    public InputStream body() throws IOException {
        HttpEntity body = exchange.response().getEntity();
        return body == null ? InputStream.nullInputStream() : body.getContent();
    }

    /** Makes whoever reads the body fail, from any thread. */
    public void abort() {
        exchange.abort();
    }

    /** Breaks the connection off unless the body was read to its end. */
    @Override
    public void close() throws IOException {
        exchange.close();
    }
}
