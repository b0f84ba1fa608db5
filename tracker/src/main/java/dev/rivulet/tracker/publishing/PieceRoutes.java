package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.tracker.http.Answer;
import dev.rivulet.tracker.http.Problem;
import dev.rivulet.tracker.http.RequestReader;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import dev.rivulet.tracker.indexing.FetchedContent;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Pieces that the tracker holds because it fetched them (docs/protocol.md, section 4.5). */
public record PieceRoutes(FetchedContent fetched) implements Routes {
    private static final String BINARY = "application/octet-stream";
    /** Digits of the greatest index. */
    private static final int MAX_INDEX_DIGITS = 4;

    @Override
    public void register(Router router) {
        router.get("/pieces/{content}/{index}", RequestReader.onWorker(this::answer));
    }

    private void answer(HttpServerExchange exchange) throws IOException {
        Optional<ByteBuffer> piece = find(exchange);
        if (piece.isPresent()) {
            byte[] bytes = new byte[piece.get().remaining()];
            piece.get().get(bytes);
            Answer.immutable(BINARY, bytes).send(exchange);
        } else {
            new Problem(StatusCodes.NOT_FOUND, "This tracker does not hold that piece.").send(exchange);
        }
    }

    private Optional<ByteBuffer> find(HttpServerExchange exchange) throws IOException {
        String index = Router.parameter(exchange, "index");
        if (!index.matches("[0-9]{1," + MAX_INDEX_DIGITS + "}")) {
            return Optional.empty();
        }
        try {
            ContentId content = ContentId.parse(Router.parameter(exchange, "content"));
            return fetched.piece(content, Integer.parseInt(index));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
