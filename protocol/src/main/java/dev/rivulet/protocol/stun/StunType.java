package dev.rivulet.protocol.stun;

import java.util.Arrays;
import java.util.Optional;

/** The messages of the Binding method (RFC 8489 §5). */
public enum StunType {
    REQUEST(0x0001),
    SUCCESS(0x0101),
    ERROR(0x0111);

    private final int code;

    StunType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<StunType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }
}
