package dev.rivulet.protocol.stun;

import dev.rivulet.protocol.DecodeException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a client asks and a server answers. */
public final class Binding {
    private static final int CHANGE_IP = 0x4;
    private static final int CHANGE_PORT = 0x2;

    private Binding() {}

    /**
     * An answer, and from where it has to be sent.
     *
     * @param fromOther from the server's other port rather than the one that was asked
     */
    public record Answer(StunMessage message, boolean fromOther) {}

    /**
     * What a client asks.
     *
     * @param change whether the answer shall come from the server's other port: null for no word about it, which is what
     *     ordinary clients ask
     */
    public static StunMessage request(RandomGenerator random, @Nullable Boolean change) {
        byte[] transaction = new byte[StunMessage.TRANSACTION_BYTES];
        random.nextBytes(transaction);
        List<StunAttribute> attributes = change == null
                ? List.of()
                : List.of(new StunAttribute(
                        StunAttribute.CHANGE_REQUEST,
                        ByteBuffer.allocate(Integer.BYTES)
                                .putInt(change ? CHANGE_PORT : 0)
                                .array()));
        return new StunMessage(StunType.REQUEST, transaction, attributes, true);
    }

    /**
     * What a server answers.
     *
     * @param from where the request came from
     * @param other the server's other address, null when it has none; told to who asks about changes. A wildcard address
     *     stands for the one that was asked
     * @return empty when the message is no request
     */
    public static Optional<Answer> answer(
            StunMessage request, InetSocketAddress from, @Nullable InetSocketAddress other) {
        if (request.type() != StunType.REQUEST) {
            return Optional.empty();
        }
        List<Integer> unknown = new ArrayList<>(request.attributes().stream()
                .filter(StunAttribute::isRequiredAndUnknown)
                .map(StunAttribute::type)
                .toList());
        Optional<Integer> change = request.value(StunAttribute.CHANGE_REQUEST).map(Binding::flags);
        int flags = change.orElse(0);
        // RFC 5780 §6.1: what cannot be done is refused. We never have a second IP address.
        if ((flags & CHANGE_IP) != 0 || ((flags & CHANGE_PORT) != 0 && other == null)) {
            unknown.add(StunAttribute.CHANGE_REQUEST);
        }
        if (!unknown.isEmpty()) {
            return Optional.of(new Answer(refusal(request, unknown), false));
        }
        List<StunAttribute> attributes = new ArrayList<>();
        attributes.add(new StunAttribute(
                StunAttribute.XOR_MAPPED_ADDRESS, StunAddress.obfuscated(from, request.transaction())));
        if (change.isPresent() && other != null) {
            attributes.add(new StunAttribute(StunAttribute.OTHER_ADDRESS, StunAddress.plain(other)));
        }
        return Optional.of(new Answer(reply(StunType.SUCCESS, request, attributes), (flags & CHANGE_PORT) != 0));
    }

    /** Where the server saw the client. */
    public static InetSocketAddress mapped(StunMessage answer) throws DecodeException {
        byte[] value = answer.value(StunAttribute.XOR_MAPPED_ADDRESS)
                .orElseThrow(() -> new DecodeException("stun", "an answer without an address"));
        return StunAddress.fromObfuscated(value, answer.transaction());
    }

    /** The server's other port, if it told one. */
    public static Optional<Integer> otherPort(StunMessage answer) throws DecodeException {
        Optional<byte[]> value = answer.value(StunAttribute.OTHER_ADDRESS);
        return value.isEmpty()
                ? Optional.empty()
                : Optional.of(StunAddress.fromPlain(value.get()).getPort());
    }

    private static int flags(byte[] value) {
        return value.length == Integer.BYTES ? ByteBuffer.wrap(value).getInt() : CHANGE_IP;
    }

    /** 420 Unknown Attribute (RFC 8489 §6.3.1). */
    private static StunMessage refusal(StunMessage request, List<Integer> unknown) {
        byte[] reason = "Unknown Attribute".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer code = ByteBuffer.allocate(Integer.BYTES + reason.length);
        code.putShort((short) 0).put((byte) 4).put((byte) 20).put(reason);
        ByteBuffer types = ByteBuffer.allocate(unknown.size() * Short.BYTES);
        unknown.forEach(type -> types.putShort(type.shortValue()));
        return reply(
                StunType.ERROR,
                request,
                List.of(
                        new StunAttribute(StunAttribute.ERROR_CODE, code.array()),
                        new StunAttribute(StunAttribute.UNKNOWN_ATTRIBUTES, types.array())));
    }

    private static StunMessage reply(StunType type, StunMessage request, List<StunAttribute> attributes) {
        return new StunMessage(type, request.transaction(), attributes, request.fingerprint());
    }
}
