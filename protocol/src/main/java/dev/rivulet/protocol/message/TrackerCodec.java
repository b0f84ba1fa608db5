package dev.rivulet.protocol.message;

import static dev.rivulet.protocol.message.ClientCodec.orEmpty;
import static dev.rivulet.protocol.message.ClientCodec.typed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.protocol.message.TrackerMessage.BatchUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Candidate;
import dev.rivulet.protocol.message.TrackerMessage.Challenge;
import dev.rivulet.protocol.message.TrackerMessage.ErrorMessage;
import dev.rivulet.protocol.message.TrackerMessage.HeadUpdate;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.message.TrackerMessage.IceUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import dev.rivulet.protocol.message.TrackerMessage.PolicyUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Revoked;
import dev.rivulet.protocol.message.TrackerMessage.Signal;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.util.List;

/** JSON of what trackers send. */
final class TrackerCodec {
    private TrackerCodec() {}

    static TrackerMessage decode(String type, JsonFields fields) throws DecodeException {
        return switch (type) {
            case "welcome" -> welcome(fields);
            case "peers" -> peers(fields);
            case "signal" ->
                fields.make(() -> new Signal(
                        fields.value("from", PeerId::parse),
                        role(fields),
                        fields.text("session"),
                        SignalCodec.decode(fields)));
            case "head" -> new HeadUpdate(fields.object("catalog", CatalogBody::decode));
            case "batch" -> fields.make(() -> new BatchUpdate(fields.text("batch")));
            case "policy" -> new PolicyUpdate(fields.object("policy", SitePolicy::decode));
            case "ice" -> fields.make(() -> new IceUpdate(iceServers(fields)));
            case "challenge" -> fields.make(() -> new Challenge(fields.text("challenge")));
            case "revoked" -> new Revoked(fields.value("peer", PeerId::parse));
            case "error" -> error(fields);
            case "index" -> IndexCodec.request(fields);
            case "index-stop" -> IndexCodec.stop(fields);
            case "hints" -> HintCodec.hints(fields);
            case "http-check" -> fields.make(() -> new HttpCheck(fields.text("token")));
            case "http-checked" ->
                fields.make(() -> new HttpChecked(fields.optionalText("failed"), fields.optionalText("message")));
            default -> new Unknown(type);
        };
    }

    private static Role role(JsonFields fields) throws DecodeException {
        return fields.has("role") ? fields.value("role", Role::parse) : Role.PAGE;
    }

    private static Welcome welcome(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Welcome(
                fields.value("peer", PeerId::parse),
                fields.text("resume"),
                iceServers(fields),
                fields.object("policy", SitePolicy::decode),
                fields.values("trackers", Limits.MAX_TRACKERS, ResourceUrl::parseBase),
                fields.object("catalog", CatalogBody::decode)));
    }

    private static List<IceServer> iceServers(JsonFields fields) throws DecodeException {
        return fields.objects("ice", Limits.MAX_ICE_SERVERS, TrackerCodec::iceServer);
    }

    private static IceServer iceServer(JsonFields fields) throws DecodeException {
        return fields.make(() -> new IceServer(
                fields.values("urls", Limits.MAX_ICE_URLS, text -> text),
                fields.optionalText("username"),
                fields.optionalText("credential")));
    }

    private static Peers peers(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Peers(
                fields.optionalNumber("id"),
                fields.objects("peers", Limits.MAX_PEERS, TrackerCodec::candidate),
                orEmpty(fields.optionalValues("http", Limits.MAX_HTTP_HOLDERS, ResourceUrl::parseBase))));
    }

    private static Candidate candidate(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Candidate(
                fields.value("id", PeerId::parse),
                fields.value("role", Role::parse),
                fields.values("holds", Limits.MAX_LOOKUP_IDS, ContentId::parse),
                fields.optionalValue("http", ResourceUrl::parseBase)));
    }

    private static ErrorMessage error(JsonFields fields) throws DecodeException {
        return fields.make(() -> new ErrorMessage(
                fields.text("code"),
                fields.text("message"),
                fields.flag("fatal"),
                fields.optionalNumber("id"),
                fields.optionalValue("to", PeerId::parse)));
    }

    static ObjectNode encode(TrackerMessage message) {
        if (message instanceof Welcome welcome) {
            return encode(welcome);
        } else if (message instanceof Peers peers) {
            return encode(peers);
        } else if (message instanceof Signal signal) {
            ObjectNode node = typed("signal")
                    .put("from", signal.from().text())
                    .put("role", signal.role().text())
                    .put("session", signal.session());
            return SignalCodec.encode(node, signal.body());
        } else if (message instanceof HeadUpdate head) {
            return typed("head").set("catalog", head.catalog().encode());
        } else if (message instanceof BatchUpdate batch) {
            return typed("batch").put("batch", batch.batch());
        } else if (message instanceof PolicyUpdate policy) {
            return typed("policy").set("policy", policy.policy().encode());
        } else if (message instanceof IceUpdate update) {
            return typed("ice").set("ice", Json.nodes(update.ice(), TrackerCodec::encode));
        } else if (message instanceof Challenge challenge) {
            return typed("challenge").put("challenge", challenge.challenge());
        } else if (message instanceof Revoked revoked) {
            return typed("revoked").put("peer", revoked.peer().text());
        } else if (message instanceof ErrorMessage error) {
            return encode(error);
        } else if (message instanceof IndexRequest request) {
            return IndexCodec.encode(request);
        } else if (message instanceof IndexStop stop) {
            return IndexCodec.encode(stop);
        } else if (message instanceof Hints hints) {
            return HintCodec.encode(hints);
        } else if (message instanceof HttpCheck check) {
            return typed("http-check").put("token", check.token());
        } else if (message instanceof HttpChecked checked) {
            return encode(checked);
        }
        throw new IllegalArgumentException("nobody sends " + message);
    }

    private static ObjectNode encode(Welcome welcome) {
        ObjectNode node = typed("welcome").put("peer", welcome.peer().text()).put("resume", welcome.resume());
        node.set("ice", Json.nodes(welcome.ice(), TrackerCodec::encode));
        node.set("policy", welcome.policy().encode());
        node.set("trackers", Json.texts(welcome.trackers(), ResourceUrl::text));
        return node.set("catalog", welcome.catalog().encode());
    }

    private static ObjectNode encode(IceServer server) {
        ObjectNode node = Json.object();
        node.set("urls", Json.texts(server.urls(), text -> text));
        if (server.username() != null) {
            node.put("username", server.username());
        }
        if (server.credential() != null) {
            node.put("credential", server.credential());
        }
        return node;
    }

    private static ObjectNode encode(Peers peers) {
        ObjectNode node = typed("peers");
        if (peers.id() != null) {
            node.put("id", peers.id());
        }
        node.set("peers", Json.nodes(peers.peers(), TrackerCodec::encode));
        if (!peers.http().isEmpty()) {
            node.set("http", Json.texts(peers.http(), ResourceUrl::text));
        }
        return node;
    }

    private static ObjectNode encode(Candidate candidate) {
        ObjectNode node = Json.object()
                .put("id", candidate.id().text())
                .put("role", candidate.role().text());
        node.set("holds", Json.texts(candidate.holds(), ContentId::text));
        if (candidate.http() != null) {
            node.put("http", candidate.http().text());
        }
        return node;
    }

    private static ObjectNode encode(HttpChecked checked) {
        ObjectNode node = typed("http-checked");
        if (checked.failed() != null) {
            node.put("failed", checked.failed()).put("message", checked.message());
        }
        return node;
    }

    private static ObjectNode encode(ErrorMessage error) {
        ObjectNode node = typed("error")
                .put("code", error.code())
                .put("message", error.message())
                .put("fatal", error.fatal());
        if (error.id() != null) {
            node.put("id", error.id());
        }
        if (error.to() != null) {
            node.put("to", error.to().text());
        }
        return node;
    }
}
