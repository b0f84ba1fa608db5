package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.enrolment.Operator;
import dev.rivulet.tracker.http.Problem;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes content down, and gives it back, for the operator. Who, why and what is on the log. */
public final class TakeDownRoutes implements Routes {
    /** Lists with {@code GET}; takes down with {@code POST}. */
    public static final String PATH = "/api/v1/sites/{site}/blocked";
    /** Gives back with {@code POST}. */
    public static final String UNBLOCK_PATH = "/api/v1/sites/{site}/unblocked";

    private static final Logger log = LoggerFactory.getLogger(TakeDownRoutes.class);

    private final Catalogs catalogs;
    private final Operator operator;
    private final Runnable dropped;

    /** @param dropped called after something was taken down */
    public TakeDownRoutes(Catalogs catalogs, Operator operator, Runnable dropped) {
        this.catalogs = catalogs;
        this.operator = operator;
        this.dropped = dropped;
    }

    @Override
    public void register(Router router) {
        router.get(PATH, new BlockingHandler(this::list));
        router.post(PATH, new BlockingHandler(this::block));
        router.post(UNBLOCK_PATH, new BlockingHandler(this::unblock));
    }

    private void list(HttpServerExchange exchange) {
        if (!operator.isAsking(exchange)) {
            return;
        }
        try {
            String lines = catalogs.takenDown(site(exchange)).stream()
                    .map(each -> each.line() + "\n")
                    .collect(Collectors.joining());
            operator.answer(exchange, lines);
        } catch (DecodeException e) {
            new Problem(StatusCodes.BAD_REQUEST, e.reason()).send(exchange);
        }
    }

    private void block(HttpServerExchange exchange) throws IOException, InterruptedException {
        follow(exchange, "blocked", (site, order) -> catalogs.takeDown(site, order));
        dropped.run();
    }

    private void unblock(HttpServerExchange exchange) throws IOException, InterruptedException {
        follow(exchange, "unblocked", (site, order) -> catalogs.giveBack(site, order.subject()));
    }

    private interface Change {
        CompletableFuture<Receipt> make(SiteId site, TakeDown.Order order);
    }

    private void follow(HttpServerExchange exchange, String done, Change change)
            throws IOException, InterruptedException {
        if (!operator.isAsking(exchange)) {
            return;
        }
        try {
            SiteId site = site(exchange);
            JsonFields fields = Json.parse("order", exchange.getInputStream().readAllBytes());
            TakeDown.Order order = order(fields);
            Receipt receipt = change.make(site, order).get();
            if (receipt instanceof Receipt.Refused refused) {
                new Problem(StatusCodes.BAD_REQUEST, refused.reason()).send(exchange);
            } else if (receipt instanceof Receipt.Accepted accepted) {
                String line = said(done, site, order);
                log.info("{}", line);
                operator.answer(
                        exchange, line + "; told in head " + accepted.epoch() + "." + accepted.sequence() + "\n");
            }
        } catch (DecodeException e) {
            new Problem(StatusCodes.BAD_REQUEST, e.place() + ": " + e.reason()).send(exchange);
        } catch (ExecutionException e) {
            log.error("an order of the operator could not be followed", e.getCause());
            new Problem(StatusCodes.SERVICE_UNAVAILABLE, "It could not be kept; the tracker's log says why. Try again.")
                    .send(exchange);
        }
    }

    private static TakeDown.Order order(JsonFields fields) throws DecodeException {
        return fields.make(
                () -> new TakeDown.Order(fields.text("subject"), fields.text("reason"), fields.text("reference")));
    }

    /** The line for the record. */
    public static String said(String done, SiteId site, TakeDown.Order order) {
        return site + ": " + done + " " + order.subject() + ", reason: " + order.reason()
                + (order.reference().isEmpty() ? "" : ", reference: " + order.reference());
    }

    private static SiteId site(HttpServerExchange exchange) throws DecodeException {
        return SiteId.parse(Router.parameter(exchange, "site"));
    }
}
