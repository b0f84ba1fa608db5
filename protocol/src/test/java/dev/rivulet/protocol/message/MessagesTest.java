package dev.rivulet.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MessagesTest {
    private static final ContentId CONTENT = new ContentId(Sha256.ZERO);

    @Test
    void aMessageLongerThanAllowedIsNotSent() throws Exception {
        ResourceUrl url = ResourceUrl.parse("https://a/" + "x".repeat(Limits.MAX_URL_CHARS - 10));
        ClientMessage missing = new ClientMessage.Missing(Collections.nCopies(Limits.MAX_MISSING_URLS, url));

        assertThatIllegalArgumentException().isThrownBy(() -> Messages.encode(missing));
    }

    @Test
    void whatWasNotUnderstoodIsNotSent() {
        assertThatIllegalArgumentException().isThrownBy(() -> Messages.encode((ControlMessage) new Unknown("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> Messages.encode((ClientMessage) new Unknown("x")));
        assertThatIllegalArgumentException().isThrownBy(() -> Messages.encode((TrackerMessage) new Unknown("x")));
    }

    @Test
    void aMessageOutOfItsBoundsCannotBeMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ClientMessage.Lookup(1, List.of(), 1, List.of()))
                .isInstanceOfSatisfying(
                        InvalidValueException.class, e -> assertThat(e.field()).isEqualTo("contents"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ControlMessage.Request(Limits.MAX_U32 + 1, CONTENT, 0, null, null));
    }

    @Test
    void listsOfMessagesAreCopies() {
        List<ContentId> contents = new ArrayList<>(List.of(CONTENT));
        ControlMessage.Want want = new ControlMessage.Want(contents, false);
        contents.clear();

        assertThat(want.contents()).containsExactly(CONTENT);
    }

    @Test
    void aHelloInALogDoesNotTellItsSecrets() {
        ClientMessage.Hello hello = new ClientMessage.Hello(
                new SiteId("demo"), Role.EDGE, "agent", "the-token", "the-resume", List.of(), null, null);

        assertThat(hello.toString())
                .contains("demo")
                .doesNotContain("the-token")
                .doesNotContain("the-resume");
    }
}
