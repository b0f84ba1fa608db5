package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.indexing.SpotCheck.Result;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EdgeVerdictTest {
    private static final byte[] TRUE = bytes(1, 1);
    private static final byte[] FALSE = bytes(1, 2);
    private static final Result.Other SECOND = other(TRUE, 1);

    @Test
    void otherBytesOfTheSameVersionAreALie() throws Exception {
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, indexed(TRUE, "\"1\"")))
                .isEqualTo(EdgeVerdict.LIED);
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, indexed(TRUE, "W/\"1\"")))
                .isEqualTo(EdgeVerdict.LIED);
    }

    @Test
    void anotherVersionOrNoneProvesNothing() throws Exception {
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, indexed(TRUE, "\"2\"")))
                .isEqualTo(EdgeVerdict.UNPROVEN);
        assertThat(EdgeVerdict.of(indexed(FALSE, null), SECOND, indexed(TRUE, null)))
                .isEqualTo(EdgeVerdict.UNPROVEN);
        assertThat(EdgeVerdict.of(indexed(FALSE, null), SECOND, indexed(TRUE, "\"1\"")))
                .isEqualTo(EdgeVerdict.UNPROVEN);
    }

    @Test
    void anOriginThatSaysThisAndThatIsNobodysFault() throws Exception {
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, indexed(FALSE, "\"1\"")))
                .isEqualTo(EdgeVerdict.NOBODYS_FAULT);
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, indexed(bytes(1, 3), "\"1\"")))
                .isEqualTo(EdgeVerdict.NOBODYS_FAULT);
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, new Outcome.Failed("status 503")))
                .isEqualTo(EdgeVerdict.NOBODYS_FAULT);
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), SECOND, indexed(bytes(1), "\"1\"")))
                .isEqualTo(EdgeVerdict.NOBODYS_FAULT);
    }

    @Test
    void anotherSizeOfTheSameVersionIsALie() throws Exception {
        assertThat(EdgeVerdict.of(indexed(FALSE, "\"1\""), new Result.Other(1, null), indexed(bytes(1), "\"1\"")))
                .isEqualTo(EdgeVerdict.LIED);
    }

    private static Outcome.Indexed indexed(byte[] body, @Nullable String etag) throws Exception {
        Layout layout = Entries.layout(body);
        Entry entry = Entry.of(
                ResourceUrl.parse("https://example.org/a").hash(),
                layout,
                Map.of(),
                new Validators(etag, null),
                0,
                true);
        return new Outcome.Indexed(entry, layout, 0);
    }

    private static Result.Other other(byte[] body, int piece) {
        return new Result.Other(piece, Entries.layout(body).hash(piece));
    }

    /** Pieces full of these. */
    private static byte[] bytes(int... pieces) {
        byte[] bytes = new byte[pieces.length * Limits.SMALL_PIECE_BYTES];
        for (int i = 0; i < pieces.length; i++) {
            Arrays.fill(bytes, i * Limits.SMALL_PIECE_BYTES, (i + 1) * Limits.SMALL_PIECE_BYTES, (byte) pieces[i]);
        }
        return bytes;
    }
}
