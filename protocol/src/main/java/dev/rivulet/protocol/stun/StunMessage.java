package dev.rivulet.protocol.stun;

import dev.rivulet.protocol.DecodeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A Binding message (RFC 8489 §5).
 *
 * <pre>
 *  0         2         4              8                    20
 *  +---------+---------+--------------+--------------------+------------
 *  | type    | length  | magic cookie | transaction id     | attributes
 *  +---------+---------+--------------+--------------------+------------
 * </pre>
 *
 * @param transaction {@value #TRANSACTION_BYTES} bytes; not to be changed
 * @param attributes in their order, without the fingerprint
 * @param fingerprint whether it carries one (§14.7)
 */
@SuppressWarnings("ArrayRecordComponent") // messages are not compared
public record StunMessage(StunType type, byte[] transaction, List<StunAttribute> attributes, boolean fingerprint) {
    /** A longer datagram is no Binding message of anybody's. */
    public static final int MAX_BYTES = 548;

    /** Random bytes that an answer repeats. */
    public static final int TRANSACTION_BYTES = 12;

    static final int MAGIC_COOKIE = 0x2112A442;

    private static final int HEADER_BYTES = 20;
    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int FINGERPRINT_BYTES = 4;
    private static final int FINGERPRINT_MASK = 0x5354554E;

    public StunMessage {
        if (transaction.length != TRANSACTION_BYTES) {
            throw new IllegalArgumentException("a transaction id of " + transaction.length + " bytes");
        }
        attributes = List.copyOf(attributes);
    }

    /**
     * Reads a datagram, from position to limit.
     *
     * @throws DecodeException when it is no Binding message, or its fingerprint is wrong
     */
    public static StunMessage decode(ByteBuffer datagram) throws DecodeException {
        ByteBuffer bytes = datagram.slice();
        if (bytes.remaining() < HEADER_BYTES || bytes.remaining() > MAX_BYTES) {
            throw new DecodeException("stun", bytes.remaining() + " bytes");
        }
        int typeCode = bytes.getShort() & 0xFFFF;
        int length = bytes.getShort() & 0xFFFF;
        if (bytes.getInt() != MAGIC_COOKIE) {
            throw new DecodeException("stun.cookie", "another one");
        }
        byte[] transaction = new byte[TRANSACTION_BYTES];
        bytes.get(transaction);
        if (length != bytes.remaining() || length % Integer.BYTES != 0) {
            throw new DecodeException("stun.length", length + ", with " + bytes.remaining() + " bytes to come");
        }
        StunType type = StunType.of(typeCode)
                .orElseThrow(() -> new DecodeException("stun.type", Integer.toHexString(typeCode)));
        List<StunAttribute> attributes = attributes(bytes);
        boolean marked = isFingerprint(attributes);
        if (marked) {
            checkFingerprint(datagram.slice(), attributes.remove(attributes.size() - 1));
        }
        return new StunMessage(type, transaction, attributes, marked);
    }

    private static List<StunAttribute> attributes(ByteBuffer bytes) throws DecodeException {
        List<StunAttribute> attributes = new ArrayList<>();
        while (bytes.hasRemaining()) {
            String place = "stun.attributes[" + attributes.size() + "]";
            if (isFingerprint(attributes)) {
                throw new DecodeException(place, "after the fingerprint");
            }
            int type = bytes.getShort() & 0xFFFF;
            int length = bytes.getShort() & 0xFFFF;
            if (padded(length) > bytes.remaining()) {
                throw new DecodeException(place, length + " bytes, more than there are");
            }
            byte[] value = new byte[length];
            bytes.get(value);
            bytes.position(bytes.position() + padded(length) - length);
            attributes.add(new StunAttribute(type, value));
        }
        return attributes;
    }

    private static boolean isFingerprint(List<StunAttribute> attributes) {
        return !attributes.isEmpty() && attributes.get(attributes.size() - 1).type() == StunAttribute.FINGERPRINT;
    }

    private static void checkFingerprint(ByteBuffer all, StunAttribute fingerprint) throws DecodeException {
        int covered = all.remaining() - ATTRIBUTE_HEADER_BYTES - FINGERPRINT_BYTES;
        if (fingerprint.value().length != FINGERPRINT_BYTES
                || ByteBuffer.wrap(fingerprint.value()).getInt() != fingerprintOf(all.limit(covered))) {
            throw new DecodeException("stun.fingerprint", "is not of this message");
        }
    }

    /** Writes it as one datagram. */
    public ByteBuffer encode() {
        int length = attributes.stream()
                .mapToInt(each -> ATTRIBUTE_HEADER_BYTES + padded(each.value().length))
                .sum();
        int marked = fingerprint ? ATTRIBUTE_HEADER_BYTES + FINGERPRINT_BYTES : 0;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + length + marked);
        bytes.putShort((short) type.code()).putShort((short) (length + marked));
        bytes.putInt(MAGIC_COOKIE).put(transaction);
        for (StunAttribute each : attributes) {
            bytes.putShort((short) each.type()).putShort((short) each.value().length);
            bytes.put(each.value());
            bytes.position(bytes.position() + padded(each.value().length) - each.value().length);
        }
        if (fingerprint) {
            int mark = fingerprintOf(bytes.duplicate().flip());
            bytes.putShort((short) StunAttribute.FINGERPRINT)
                    .putShort((short) FINGERPRINT_BYTES)
                    .putInt(mark);
        }
        return bytes.flip();
    }

    /** The value of the first attribute of a type. */
    public Optional<byte[]> value(int attribute) {
        return attributes.stream()
                .filter(each -> each.type() == attribute)
                .findFirst()
                .map(StunAttribute::value);
    }

    /** Whether this answers that. */
    public boolean answers(StunMessage request) {
        return type != StunType.REQUEST && Arrays.equals(transaction, request.transaction);
    }

    private static int fingerprintOf(ByteBuffer covered) {
        CRC32 crc = new CRC32();
        crc.update(covered);
        return (int) crc.getValue() ^ FINGERPRINT_MASK;
    }

    private static int padded(int length) {
        return (length + Integer.BYTES - 1) / Integer.BYTES * Integer.BYTES;
    }
}
