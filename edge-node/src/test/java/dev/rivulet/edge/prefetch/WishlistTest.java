package dev.rivulet.edge.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.Hints.Hint;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WishlistTest {
    private final Wishlist list = new Wishlist();

    @Test
    void whatIsAskedForMostByMostPerHolderComesFirst() {
        list.add(hint(1, 10, 9));
        list.add(hint(2, 4, 0));
        list.add(hint(3, 0, 0));

        assertThat(list.next(any -> true)).contains(hint(2, 4, 0));
        assertThat(list.next(any -> true)).contains(hint(1, 10, 9));
        assertThat(list.next(any -> true)).contains(hint(3, 0, 0));
        assertThat(list.next(any -> true)).isEmpty();
    }

    @Test
    void whatDoesNotPassWaitsOn() {
        list.add(hint(1, 9, 0));
        list.add(hint(2, 1, 0));

        assertThat(list.next(hint -> hint.demand() < 5)).contains(hint(2, 1, 0));
        assertThat(list.next(hint -> hint.demand() < 5)).isEmpty();
        assertThat(list.next(any -> true)).contains(hint(1, 9, 0));
    }

    @Test
    void allThatPassesIsTakenAtOnce() {
        list.add(hint(1, 1, 0));
        list.add(hint(2, 9, 0));
        list.add(hint(3, 2, 0));

        assertThat(list.takeAll(hint -> hint.demand() < 5)).containsExactly(hint(1, 1, 0), hint(3, 2, 0));
        assertThat(list.takeAll(hint -> hint.demand() < 5)).isEmpty();
        assertThat(list.next(any -> true)).contains(hint(2, 9, 0));
    }

    @Test
    void theNewestHintOfAContentCounts() {
        list.add(hint(1, 9, 0));
        list.add(hint(1, 2, 3));

        assertThat(list.next(any -> true)).contains(hint(1, 2, 3));
        assertThat(list.size()).isZero();
    }

    @Test
    void theLeastWorthIsForgotten() {
        IntStream.rangeClosed(0, Wishlist.MAX_WAITING).forEach(i -> list.add(hint(i, i, 0)));

        assertThat(list.size()).isEqualTo(Wishlist.MAX_WAITING);
        assertThat(list.next(hint -> hint.demand() == 0)).isEmpty();
    }

    private static Hint hint(int number, long demand, long holders) {
        try {
            ContentId content = new ContentId(Sha256.of(Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
            return new Hint(ResourceUrl.parse("http://a/" + number), content, 1, demand, holders);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }
}
