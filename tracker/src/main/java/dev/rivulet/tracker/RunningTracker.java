package dev.rivulet.tracker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.enrolment.OperatorFile;
import dev.rivulet.tracker.operating.ContentEndpoints;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Takes a site's content down over the API of the tracker that runs on a data directory.
 *
 * @param data its data directory
 * @param site the site
 */
record RunningTracker(Path data, SiteId site) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** No tracker runs there. */
    static final class NoneException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Takes down; says how everybody is told. */
    String block(TakeDown.Order order) throws IOException, InterruptedException, NoneException {
        ObjectNode body = Json.object()
                .put(isUrl(order) ? "url" : "content", order.subject())
                .put("reason", order.reason())
                .put("reference", order.reference());
        return head(order("POST", "", Json.write(body)).path("told"));
    }

    /** Gives back; says how everybody is told. */
    String unblock(TakeDown.Order order) throws IOException, InterruptedException, NoneException {
        String query = "?reason=" + encoded(order.reason()) + "&reference=" + encoded(order.reference());
        return head(order("DELETE", "/" + id(order) + query, ""));
    }

    /** What is taken down, in lines, the oldest first. */
    String blocked() throws IOException, InterruptedException, NoneException {
        List<JsonNode> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = order("GET", "?limit=" + Call.MAX_ITEMS + after, "");
            page.path("items").forEach(all::add);
            after = page.path("next").isTextual()
                    ? "&after=" + encoded(page.path("next").asText())
                    : "";
        } while (!after.isEmpty());
        return all.stream()
                .sorted(Comparator.comparingLong(
                                (JsonNode each) -> each.path("at").asLong())
                        .thenComparing(RunningTracker::subject))
                .map(each -> TakeDown.line(
                                new TakeDown.Order(
                                        subject(each),
                                        each.path("reason").asText(),
                                        each.path("reference").asText()),
                                each.path("hashes").asInt(),
                                each.path("at").asLong())
                        + "\n")
                .collect(Collectors.joining());
    }

    private static String subject(JsonNode block) {
        return block.path(block.path("url").isTextual() ? "url" : "content").asText();
    }

    private static boolean isUrl(TakeDown.Order order) {
        return order.subject().contains(":");
    }

    private static String id(TakeDown.Order order) {
        try {
            return isUrl(order)
                    ? ResourceUrl.parse(order.subject()).hash().text()
                    : ContentId.parse(order.subject()).text();
        } catch (DecodeException e) {
            throw new ConfigException("URL|CONTENT", order.subject(), e.reason());
        }
    }

    private static String head(JsonNode told) {
        return "in head " + told.path("epoch").asLong() + "."
                + told.path("sequence").asLong();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode order(String method, String rest, String body)
            throws IOException, InterruptedException, NoneException {
        String path = ContentEndpoints.BLOCKS.replace("{site}", site.text()) + rest;
        return JSON.readTree(order(data, method, path, body).orElseThrow(NoneException::new));
    }

    /**
     * Sends an order to the tracker that runs on a data directory, and returns what it answers; empty when none runs,
     * {@link ConfigException} when it refuses.
     *
     * @param path below the API's base
     * @param body JSON, or nothing
     */
    static Optional<String> order(Path data, String method, String path, String body)
            throws IOException, InterruptedException {
        Optional<OperatorFile.Reply> reply = OperatorFile.order(data, method, Endpoint.BASE + path, body);
        if (reply.isPresent() && !reply.get().done()) {
            throw new ConfigException(
                    "the tracker", null, "refuses: " + refusal(reply.get().text()));
        }
        return reply.map(OperatorFile.Reply::text);
    }

    private static String refusal(String text) {
        try {
            return AdminClient.problem(JSON.readTree(text)).strip();
        } catch (JsonProcessingException e) {
            return text;
        }
    }
}
