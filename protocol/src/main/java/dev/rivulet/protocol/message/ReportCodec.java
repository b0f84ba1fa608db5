package dev.rivulet.protocol.message;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import dev.rivulet.protocol.message.ClientMessage.BadPiece;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.ContentCounts;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import dev.rivulet.protocol.message.ClientMessage.Observed;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Share;
import org.jspecify.annotations.Nullable;

/** JSON of reports. */
final class ReportCodec {
    private ReportCodec() {}

    static Report decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Report(
                fields.optionalObject("bytes", ReportCodec::byteCounts),
                fields.optionalObject("pieces", ReportCodec::pieceCounts),
                ClientCodec.orEmpty(fields.optionalObjects("bad", Limits.MAX_BAD_PIECES, ReportCodec::badPiece)),
                ClientCodec.orEmpty(
                        fields.optionalValues("contradicted", Limits.MAX_CONTRADICTED_URLS, ResourceUrl::parse)),
                observed(fields),
                fields.optionalObject("edge", ReportCodec::edge)));
    }

    private static Observed observed(JsonFields fields) throws DecodeException {
        return new Observed(
                orZero(fields.optionalNumber("stalls")),
                orZero(fields.optionalNumber("failed")),
                ClientCodec.orEmpty(fields.optionalObjects("links", Limits.MAX_REPORT_LINKS, ReportCodec::link)),
                ClientCodec.orEmpty(
                        fields.optionalObjects("contents", Limits.MAX_REPORT_CONTENTS, ReportCodec::content)));
    }

    private static ByteCounts byteCounts(JsonFields fields) throws DecodeException {
        return new ByteCounts(
                fields.number("store"),
                fields.number("peers"),
                fields.number("edges"),
                fields.number("origin"),
                fields.number("uploaded"));
    }

    private static PieceCounts pieceCounts(JsonFields fields) throws DecodeException {
        return new PieceCounts(fields.number("verified"), fields.number("rejected"));
    }

    private static BadPiece badPiece(JsonFields fields) throws DecodeException {
        return new BadPiece(
                fields.value("peer", PeerId::parse),
                fields.value("content", ContentId::parse),
                fields.small("piece", Limits.MAX_PIECES - 1));
    }

    private static LinkCounts link(JsonFields fields) throws DecodeException {
        return new LinkCounts(fields.value("peer", PeerId::parse), fields.number("down"), fields.number("up"));
    }

    private static ContentCounts content(JsonFields fields) throws DecodeException {
        return new ContentCounts(
                fields.value("content", ContentId::parse), fields.number("bytes"), fields.number("origin"));
    }

    private static EdgeState edge(JsonFields fields) throws DecodeException {
        return fields.make(() -> new EdgeState(
                fields.optionalText("name"),
                fields.optionalText("region"),
                fields.object("store", ReportCodec::share),
                fields.object("quota", ReportCodec::share),
                fields.object("rates", rates -> new Rates(rates.number("up"), rates.number("down")))));
    }

    private static Share share(JsonFields fields) throws DecodeException {
        return new Share(fields.number("used"), fields.number("max"));
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }

    static ObjectNode encode(Report report) {
        ObjectNode node = ClientCodec.typed("report");
        ByteCounts bytes = report.bytes();
        if (bytes != null) {
            node.putObject("bytes")
                    .put("store", bytes.store())
                    .put("peers", bytes.peers())
                    .put("edges", bytes.edges())
                    .put("origin", bytes.origin())
                    .put("uploaded", bytes.uploaded());
        }
        PieceCounts pieces = report.pieces();
        if (pieces != null) {
            node.putObject("pieces").put("verified", pieces.verified()).put("rejected", pieces.rejected());
        }
        if (!report.bad().isEmpty()) {
            node.set("bad", Json.nodes(report.bad(), ReportCodec::encode));
        }
        if (!report.contradicted().isEmpty()) {
            node.set("contradicted", Json.texts(report.contradicted(), ResourceUrl::text));
        }
        encode(node, report.observed());
        if (report.edge() != null) {
            node.set("edge", encode(report.edge()));
        }
        return node;
    }

    private static void encode(ObjectNode node, Observed observed) {
        if (observed.stalls() > 0) {
            node.put("stalls", observed.stalls());
        }
        if (observed.failed() > 0) {
            node.put("failed", observed.failed());
        }
        if (!observed.links().isEmpty()) {
            node.set("links", Json.nodes(observed.links(), link -> Json.object()
                    .put("peer", link.peer().text())
                    .put("down", link.down())
                    .put("up", link.up())));
        }
        if (!observed.contents().isEmpty()) {
            node.set("contents", Json.nodes(observed.contents(), content -> Json.object()
                    .put("content", content.content().text())
                    .put("bytes", content.bytes())
                    .put("origin", content.origin())));
        }
    }

    private static ObjectNode encode(EdgeState edge) {
        ObjectNode node = Json.object();
        if (edge.name() != null) {
            node.put("name", edge.name());
        }
        if (edge.region() != null) {
            node.put("region", edge.region());
        }
        node.set("store", encode(edge.store()));
        node.set("quota", encode(edge.quota()));
        node.set(
                "rates",
                Json.object()
                        .put("up", edge.rates().up())
                        .put("down", edge.rates().down()));
        return node;
    }

    private static ObjectNode encode(Share share) {
        return Json.object().put("used", share.used()).put("max", share.max());
    }

    private static ObjectNode encode(BadPiece bad) {
        return Json.object()
                .put("peer", bad.peer().text())
                .put("content", bad.content().text())
                .put("piece", bad.piece());
    }
}
