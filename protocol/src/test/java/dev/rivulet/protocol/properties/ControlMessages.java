package dev.rivulet.protocol.properties;

import static dev.rivulet.protocol.properties.Values.contentId;
import static dev.rivulet.protocol.properties.Values.count;
import static dev.rivulet.protocol.properties.Values.line;
import static dev.rivulet.protocol.properties.Values.piece;
import static dev.rivulet.protocol.properties.Values.u32;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.message.Bitfield;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Holding;
import java.util.BitSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary messages between peers. */
final class ControlMessages {
    private static final double SOMETIMES = 0.3;

    private ControlMessages() {}

    static Arbitrary<ControlMessage> any() {
        return Arbitraries.oneOf(hello(), want(), have(), request(), answers(), binaries(), others());
    }

    private static Arbitrary<ControlMessage> hello() {
        return Combinators.combine(
                        line(0, Limits.MAX_AGENT_CHARS),
                        ClientMessages.feature().list().ofMaxSize(Limits.MAX_FEATURES),
                        Arbitraries.integers().between(1, Limits.MAX_OUTSTANDING_REQUESTS),
                        count())
                .as((agent, features, outstanding, credit) ->
                        new ControlMessage.Hello(ControlMessage.VERSION, agent, features, outstanding, credit));
    }

    private static Arbitrary<ControlMessage> want() {
        return Combinators.combine(contentId().list().ofMinSize(1).ofMaxSize(Limits.MAX_WANT_IDS), Values.flag())
                .as(ControlMessage.Want::new);
    }

    static Arbitrary<Bitfield> bitfield() {
        return Combinators.combine(Arbitraries.integers().between(1, Limits.MAX_PIECES), Arbitraries.longs())
                .as((count, seed) -> {
                    BitSet pieces = BitSet.valueOf(Samples.bytes(Limits.MAX_BITFIELD_BYTES, seed));
                    pieces.clear(count, Limits.MAX_PIECES);
                    return Bitfield.of(pieces, count);
                });
    }

    private static Arbitrary<ControlMessage> have() {
        Arbitrary<Holding> holding = Arbitraries.oneOf(
                Arbitraries.of(new Holding.Complete()),
                bitfield().map(Holding.Pieces::new),
                piece().list().ofMinSize(1).ofMaxSize(Limits.MAX_HAVE_PIECES).map(Holding.Added::new));
        return Combinators.combine(contentId(), holding).as(ControlMessage.Have::new);
    }

    private static Arbitrary<ControlMessage> request() {
        int blocks = Limits.MAX_PIECE_BYTES / Limits.MAX_BLOCK_BYTES;
        Arbitrary<ControlMessage.Part> part = Arbitraries.integers()
                .between(0, blocks - 1)
                .map(block -> block * Limits.MAX_BLOCK_BYTES)
                .flatMap(begin -> Arbitraries.integers()
                        .between(1, Limits.MAX_PIECE_BYTES - begin)
                        .map(length -> new ControlMessage.Part(begin, length)));
        return Combinators.combine(
                        u32(),
                        contentId(),
                        piece(),
                        part.injectNull(SOMETIMES),
                        Values.url().injectNull(SOMETIMES))
                .as(ControlMessage.Request::new);
    }

    private static Arbitrary<ControlMessage> answers() {
        return Arbitraries.oneOf(
                u32().map(ControlMessage.Cancel::new),
                Combinators.combine(u32(), Arbitraries.of(ControlMessage.RejectReason.values()))
                        .as(ControlMessage.Reject::new));
    }

    private static Arbitrary<ControlMessage> binaries() {
        return Arbitraries.oneOf(
                Combinators.combine(u32(), contentId()).as(ControlMessage.LayoutRequest::new),
                Combinators.combine(u32(), Arbitraries.integers().between(1, Limits.MAX_LAYOUT_BYTES))
                        .as(ControlMessage.LayoutAnswer::new),
                Combinators.combine(u32(), Values.hash().map(ShardHash::new)).as(ControlMessage.ShardRequest::new),
                Combinators.combine(u32(), Arbitraries.integers().between(1, Limits.MAX_INDEX_BYTES))
                        .as(ControlMessage.ShardAnswer::new));
    }

    private static Arbitrary<ControlMessage> others() {
        return Arbitraries.oneOf(
                Combinators.combine(u32(), Values.flag()).as(ControlMessage.Ping::new),
                Combinators.combine(Arbitraries.integers().between(4000, 4999), line(0, Limits.MAX_CLOSE_REASON_CHARS))
                        .as(ControlMessage.Close::new));
    }
}
