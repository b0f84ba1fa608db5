package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.PeerId;
import java.util.random.RandomGenerator;

/**
 * To an edge that named a base URL: serve this there, so that it is seen to be yours (docs/protocol.md, section 5.9).
 *
 * @param token {@value #TOKEN_BYTES} random bytes, base64url
 */
public record HttpCheck(String token) implements TrackerMessage {
    /** Random bytes of a token. */
    public static final int TOKEN_BYTES = 32;
    /** Where edges serve their token, below their base URL; their peer id follows. */
    public static final String PATH = ".well-known/rivulet-edge/";

    public HttpCheck {
        Check.that(isToken(token), "token", "not a token");
    }

    /** One that nobody can have foreseen, given a {@code random} that nobody can foresee. */
    public static HttpCheck anew(RandomGenerator random) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return new HttpCheck(Base64Url.encode(bytes));
    }

    /** The path, below its base URL, at which that edge serves its token. */
    public static String pathOf(PeerId edge) {
        return PATH + edge.text();
    }

    private static boolean isToken(String text) {
        try {
            Base64Url.decode(text, TOKEN_BYTES);
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }
}
