package dev.rivulet.protocol.vectors;

import static dev.rivulet.protocol.vectors.CatalogCase.ready;
import static dev.rivulet.protocol.vectors.Payloads.HEAD;
import static dev.rivulet.protocol.vectors.Payloads.NOW;
import static dev.rivulet.protocol.vectors.Payloads.head;
import static dev.rivulet.protocol.vectors.Payloads.signedHead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.fixtures.TestKeys;
import java.util.List;
import java.util.stream.Stream;

/** Heads that are taken, and heads that fail in each of the ways of docs/protocol.md section 4.1. */
final class HeadCases {
    private static final SigningKey KEY = TestKeys.TRACKER;
    private static final String GOOD = signedHead(1, 1);
    private static final String PAYLOAD = head(1, 1).toString();

    private HeadCases() {}

    static List<CatalogCase> all() {
        return Stream.of(
                        sequences(),
                        malformedText(),
                        malformedHeader(),
                        malformedPayload(),
                        algorithms(),
                        signatures(),
                        statements())
                .flatMap(List::stream)
                .toList();
    }

    private static List<CatalogCase> sequences() {
        ObjectNode second = head(1, 2).put("previous", Payloads.hash(GOOD));
        return List.of(
                ready("a chain of heads")
                        .head("taken", GOOD)
                        .head("known", GOOD)
                        .head("taken", signedHead(second))
                        .head("taken", signedHead(1, 7))
                        .head("known", signedHead(1, 7)),
                ready("an epoch below the delegation's")
                        .head("taken", signedHead(0, 9))
                        .head("taken", signedHead(1, 0)),
                ready("largest numbers").head("taken", signedHead(1, 9007199254740991L)),
                ready("rolled back to a lower sequence")
                        .head("taken", signedHead(1, 5))
                        .headRefused("rollback", signedHead(1, 4))
                        .head("known", signedHead(1, 5))
                        .head("taken", signedHead(1, 6)),
                ready("rolled back to the same sequence with other content")
                        .head("taken", GOOD)
                        .headRefused("rollback", signedHead(head(1, 1).put("depth", 1))),
                ready("rolled back to the same content signed for longer")
                        .head("taken", GOOD)
                        .headRefused("rollback", signedHead(head(1, 1).put("notAfter", NOW + 90_000))),
                ready("rolled back to a lower epoch")
                        .head("taken", signedHead(1, 1))
                        .headRefused("rollback", signedHead(0, 100)),
                ready("rolled back after a restart")
                        .head("taken", signedHead(1, 5))
                        .restart()
                        .headRefused("rollback", signedHead(1, 4))
                        .head("known", signedHead(1, 5))
                        .head("taken", signedHead(1, 6)),
                ready("a refused head changes nothing")
                        .head("taken", signedHead(1, 5))
                        .headRefused("site", signedHead(head(1, 9).put("site", "other")))
                        .headRefused("expired", signedHead(head(1, 9).put("notAfter", NOW - 1)))
                        .head("taken", signedHead(1, 6)));
    }

    private static List<CatalogCase> malformedText() {
        return List.of(
                ready("head: empty").headRefused("malformed", ""),
                ready("head: two parts").headRefused("malformed", GOOD.substring(0, GOOD.lastIndexOf('.'))),
                ready("head: four parts").headRefused("malformed", GOOD + ".AA"),
                ready("head: five empty parts").headRefused("malformed", "...."),
                ready("head: three empty parts").headRefused("malformed", ".."),
                ready("head: white space after").headRefused("malformed", GOOD + " "),
                ready("head: padded signature").headRefused("malformed", GOOD + "=="),
                ready("head: trailing bits in the signature")
                        .headRefused("malformed", GOOD.substring(0, GOOD.length() - 1) + "_"),
                ready("head: header in base64, not base64url")
                        .headRefused("malformed", RawJws.withPart(GOOD, 0, "e+/9")),
                ready("head: payload of other characters").headRefused("malformed", RawJws.withPart(GOOD, 1, "a b")));
    }

    private static List<CatalogCase> malformedHeader() {
        return List.of(
                ready("head: header is no JSON").headRefused("malformed", withHeader("EdDSA")),
                ready("head: header is a list").headRefused("malformed", withHeader("[]")),
                ready("head: header of bytes that are not UTF-8")
                        .headRefused("malformed", RawJws.withPart(GOOD, 0, "_w")),
                ready("head: header with a duplicate key")
                        .headRefused("malformed", withHeader(header().toString().replace("}", ",\"alg\":\"EdDSA\"}"))),
                ready("head: no alg")
                        .headRefused(
                                "malformed", withHeader(header().without("alg").toString())),
                ready("head: no typ")
                        .headRefused(
                                "malformed", withHeader(header().without("typ").toString())),
                ready("head: no kid")
                        .headRefused(
                                "malformed", withHeader(header().without("kid").toString())),
                ready("head: alg is a number")
                        .headRefused(
                                "malformed", withHeader(header().put("alg", 1).toString())),
                ready("head: kid is no key id")
                        .headRefused(
                                "malformed",
                                withHeader(header().put("kid", "tracker").toString())),
                ready("head: other members of the header are ignored")
                        .head("taken", withHeader(header().put("cty", "json").toString())));
    }

    private static List<CatalogCase> malformedPayload() {
        Stream<CatalogCase> missing = Stream.of(
                        "site", "epoch", "sequence", "issuedAt", "notAfter", "previous", "depth", "root")
                .map(field -> ready("head: no " + field)
                        .headRefused("malformed", signedHead(head(1, 1).without(field))));
        Stream<CatalogCase> wrong = Stream.of(
                ready("head: payload is no JSON").headRefused("malformed", withPayload("head")),
                ready("head: payload is a text").headRefused("malformed", withPayload("\"head\"")),
                ready("head: bytes after the payload").headRefused("malformed", withPayload(PAYLOAD + "x")),
                ready("head: a byte order mark").headRefused("malformed", withPayload("\uFEFF" + PAYLOAD)),
                ready("head: a duplicate key")
                        .headRefused("malformed", withPayload(PAYLOAD.replace("}", ",\"epoch\":1}"))),
                ready("head: a fraction")
                        .headRefused("malformed", withPayload(PAYLOAD.replace("\"epoch\":1", "\"epoch\":1.0"))),
                ready("head: a negative sequence").headRefused("malformed", signedHead(1, -1)),
                ready("head: a sequence beyond 2^53-1").headRefused("malformed", signedHead(1, 9007199254740992L)),
                ready("head: depth 17")
                        .headRefused("malformed", signedHead(head(1, 1).put("depth", 17))),
                ready("head: depth 16").head("taken", signedHead(head(1, 1).put("depth", 16))),
                ready("head: a root that is no hash")
                        .headRefused("malformed", signedHead(head(1, 1).put("root", "x"))),
                ready("head: a previous that is no hash")
                        .headRefused("malformed", signedHead(head(1, 1).put("previous", ""))),
                ready("head: a site that is no id")
                        .headRefused("malformed", signedHead(head(1, 1).put("site", "Demo"))),
                ready("head: a block list").head("taken", signedHead(head(1, 1).put("blocked", Payloads.hash("list")))),
                ready("head: a block list that is no hash")
                        .headRefused("malformed", signedHead(head(1, 1).put("blocked", "x"))),
                ready("head: null for a block list")
                        .headRefused("malformed", signedHead(head(1, 1).putNull("blocked"))),
                ready("head: unknown fields are ignored")
                        .head("taken", signedHead(head(1, 1).put("future", "yes"))));
        return Stream.concat(missing, wrong).toList();
    }

    private static List<CatalogCase> algorithms() {
        ObjectNode critical = header();
        critical.putArray("crit").add("exp");
        ObjectNode unencoded = header().put("b64", false);
        unencoded.putArray("crit").add("b64");
        return List.of(
                ready("alg none without a signature")
                        .headRefused(
                                "algorithm",
                                RawJws.part(header().put("alg", "none").toString()) + "." + RawJws.part(PAYLOAD) + "."),
                ready("alg none with a signature")
                        .headRefused(
                                "algorithm",
                                withHeader(header().put("alg", "none").toString())),
                ready("alg HS256 with the public key as secret")
                        .headRefused("algorithm", RawJws.macOf(header().put("alg", "HS256"), PAYLOAD, KEY)),
                ready("alg ES256")
                        .headRefused(
                                "algorithm",
                                withHeader(header().put("alg", "ES256").toString())),
                ready("alg in lower case")
                        .headRefused(
                                "algorithm",
                                withHeader(header().put("alg", "eddsa").toString())),
                ready("alg Ed25519")
                        .headRefused(
                                "algorithm",
                                withHeader(header().put("alg", "Ed25519").toString())),
                ready("crit").headRefused("algorithm", withHeader(critical.toString())),
                ready("crit with an unencoded payload").headRefused("algorithm", withHeader(unencoded.toString())),
                ready("algorithm before type")
                        .headRefused(
                                "algorithm",
                                withHeader(header().put("alg", "none")
                                        .put("typ", "x")
                                        .toString())),
                ready("typ of a batch").headRefused("type", Payloads.signedBatch(1, 1, 1)),
                ready("typ of a delegation").headRefused("type", Payloads.signedDelegation()),
                ready("typ JWT")
                        .headRefused(
                                "type", withHeader(header().put("typ", "JWT").toString())),
                ready("typ in capitals")
                        .headRefused(
                                "type",
                                withHeader(header().put("typ", "RIVULET-HEAD").toString())),
                ready("type before payload").headRefused("type", RawJws.of(header().put("typ", "x"), "nonsense", KEY)),
                ready("payload before delegation")
                        .headRefused("malformed", RawJws.of(RawJws.header(HEAD, TestKeys.STRANGER), "{}", KEY)));
    }

    private static List<CatalogCase> signatures() {
        String other = signedHead(1, 2);
        String signature = GOOD.substring(GOOD.lastIndexOf('.') + 1);
        return List.of(
                ready("signature of another head")
                        .headRefused(
                                "signature", RawJws.withPart(GOOD, 2, other.substring(other.lastIndexOf('.') + 1))),
                ready("payload exchanged")
                        .headRefused(
                                "signature",
                                RawJws.withPart(GOOD, 1, RawJws.part(head(1, 3).toString()))),
                ready("header exchanged")
                        .headRefused(
                                "signature",
                                RawJws.withPart(
                                        GOOD,
                                        0,
                                        RawJws.part(header().put("cty", "x").toString()))),
                ready("signed by a stranger in the tracker's name")
                        .headRefused("signature", RawJws.of(header(), PAYLOAD, TestKeys.STRANGER)),
                ready("no signature").headRefused("signature", RawJws.withPart(GOOD, 2, "")),
                ready("signature cut short")
                        .headRefused("signature", RawJws.withPart(GOOD, 2, signature.substring(0, 80))),
                ready("signature with a byte after").headRefused("signature", GOOD.replace(signature, signature(65))),
                ready("signature of zeros").headRefused("signature", GOOD.replace(signature, signature(64))),
                ready("signature before site")
                        .headRefused(
                                "signature",
                                RawJws.of(
                                        header(),
                                        head(1, 1).put("site", "other").toString(),
                                        TestKeys.STRANGER)));
    }

    private static String signature(int length) {
        return dev.rivulet.protocol.Base64Url.encode(new byte[length]);
    }

    private static List<CatalogCase> statements() {
        return List.of(
                ready("of another site")
                        .headRefused("site", signedHead(head(1, 1).put("site", "other"))),
                ready("site before time")
                        .headRefused(
                                "site",
                                signedHead(head(1, 1).put("site", "other").put("notAfter", NOW - 1))),
                ready("issued 300 seconds ahead")
                        .head("taken", signedHead(head(1, 1).put("issuedAt", NOW + 300))),
                ready("issued 301 seconds ahead")
                        .headRefused("not-yet", signedHead(head(1, 1).put("issuedAt", NOW + 301))),
                ready("not yet before expired")
                        .headRefused(
                                "not-yet",
                                signedHead(head(1, 1).put("issuedAt", NOW + 301).put("notAfter", NOW - 1))),
                ready("in its last second").head("taken", signedHead(head(1, 1).put("notAfter", NOW))),
                ready("a second past its end")
                        .headRefused("expired", signedHead(head(1, 1).put("notAfter", NOW - 1))),
                ready("expired before rollback")
                        .head("taken", signedHead(1, 5))
                        .headRefused("expired", signedHead(head(1, 4).put("notAfter", NOW - 1))),
                ready("the head held, expired by now")
                        .head("taken", GOOD)
                        .head("", GOOD, NOW + 86_401)
                        .refused("expired"));
    }

    private static ObjectNode header() {
        return RawJws.header(HEAD, KEY);
    }

    private static String withHeader(String header) {
        return RawJws.signed(RawJws.part(header) + "." + RawJws.part(PAYLOAD), KEY);
    }

    private static String withPayload(String payload) {
        return RawJws.of(header(), payload, KEY);
    }
}
