package dev.rivulet.tracker.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.IceServerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all sites.
 *
 * @param iceServers STUN and TURN servers that peers are told of, beside the tracker's own
 * @param maxConnections WebSocket connections at once, 1 to {@value #MOST_CONNECTIONS}
 * @param price of what the origin serves, null when the operator did not say
 */
public record TrackerPolicy(
        List<IceServerConfig> iceServers,
        int maxConnections,
        @Nullable Price price) {
    static final int MOST_CONNECTIONS = 1_000_000;

    public TrackerPolicy {
        iceServers = List.copyOf(iceServers);
        // One place is for the tracker itself.
        if (iceServers.size() > Limits.MAX_ICE_SERVERS - 1) {
            throw new ConfigException(
                    "iceServers", iceServers.size() + " of them", "write at most " + (Limits.MAX_ICE_SERVERS - 1));
        }
        if (maxConnections < 1 || maxConnections > MOST_CONNECTIONS) {
            throw new ConfigException(
                    "maxConnections",
                    Integer.toString(maxConnections),
                    "write a whole number from 1 to " + MOST_CONNECTIONS);
        }
    }

    /** The JSON form, as it is kept. */
    String encode() {
        ObjectNode node = Json.object();
        node.set("iceServers", Json.nodes(iceServers, TrackerPolicy::encode));
        node.put("maxConnections", maxConnections);
        if (price != null) {
            node.set(
                    "price",
                    Json.object().put("perGb", price.perGb().toPlainString()).put("currency", price.currency()));
        }
        return Json.write(node);
    }

    private static ObjectNode encode(IceServerConfig server) {
        ObjectNode node = Json.object();
        node.set("urls", Json.texts(server.urls(), url -> url));
        if (server.username() != null) {
            node.put("username", server.username());
        }
        if (server.credential() != null) {
            node.put("credential", server.credential());
        }
        return node;
    }

    /** Reads what {@link #encode} wrote. */
    static TrackerPolicy decode(String text) throws DecodeException {
        JsonFields fields = Json.parse("policy", text);
        return new TrackerPolicy(
                fields.objects(
                        "iceServers",
                        Limits.MAX_ICE_SERVERS,
                        server -> new IceServerConfig(
                                server.values("urls", Limits.MAX_ICE_URLS, url -> url),
                                server.optionalText("username"),
                                server.optionalText("credential"))),
                fields.small("maxConnections", MOST_CONNECTIONS),
                fields.optionalObject("price", price -> Price.of(price.text("perGb"), price.text("currency"))));
    }
}
