package dev.rivulet.tracker.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.tracker.catalog.Entries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FetchedContentTest {
    private static final int SIZE = 2 * FetchedContent.DISK_BLOCK_BYTES;
    private static final int ROOM = 8;

    @TempDir
    Path directory;

    private FetchedContent fetched;

    @BeforeEach
    void open() throws IOException {
        fetched = FetchedContent.open(directory, (long) ROOM * SIZE);
    }

    @Test
    void theNewestComesInHoweverPopularTheOthersAre() throws IOException {
        List<Layout> popular = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            popular.add(keep(i, SIZE));
        }
        for (int round = 0; round < 20; round++) {
            for (Layout layout : popular) {
                assertThat(fetched.piece(layout.contentId(), 0)).isPresent();
            }
        }

        Layout newest = keep(ROOM, SIZE);

        assertThat(fetched.piece(newest.contentId(), 0)).contains(ByteBuffer.wrap(bytes(ROOM, SIZE)));
        assertThat(files()).hasSize(ROOM);
    }

    @Test
    void whatIsBlockedIsDeletedAndNotTakenIn() throws IOException {
        Set<ContentId> blocked = new HashSet<>();
        fetched = FetchedContent.open(directory, (long) ROOM * SIZE, blocked::contains);
        Layout gone = keep(0, SIZE);
        Layout stays = keep(1, SIZE);

        blocked.add(gone.contentId());
        assertThat(fetched.piece(gone.contentId(), 0)).isEmpty();
        fetched.dropBlocked();
        keep(0, SIZE);

        assertThat(fetched.holds(gone.contentId())).isFalse();
        assertThat(fetched.holds(stays.contentId())).isTrue();
        assertThat(files()).hasSize(1);
    }

    @Test
    void whatNobodyAskedForLongestGoesFirst() throws IOException {
        Layout first = keep(0, SIZE);
        Layout second = keep(1, SIZE);
        for (int i = 2; i < ROOM; i++) {
            keep(i, SIZE);
        }
        assertThat(fetched.piece(first.contentId(), 0)).isPresent();

        keep(ROOM, SIZE);

        assertThat(fetched.holds(second.contentId())).isFalse();
        assertThat(fetched.holds(first.contentId())).isTrue();
    }

    @Test
    void aLargeOneTakesTheRoomOfSeveral() throws IOException {
        for (int i = 0; i < ROOM; i++) {
            keep(i, SIZE);
        }

        Layout large = keep(ROOM, 3 * SIZE - 1);

        assertThat(fetched.holds(large.contentId())).isTrue();
        assertThat(files()).hasSize(ROOM - 3 + 1);
    }

    @Test
    void whatIsLargerThanAllTheRoomPushesNothingOut() throws IOException {
        Layout kept = keep(0, SIZE);

        Layout huge = keep(1, ROOM * SIZE + 1);

        assertThat(fetched.holds(huge.contentId())).isFalse();
        assertThat(fetched.holds(kept.contentId())).isTrue();
    }

    @Test
    void theSameContentAgainTakesNoMoreRoom() throws IOException {
        Layout same = keep(0, SIZE);
        for (int i = 0; i < ROOM; i++) {
            keep(0, SIZE);
        }
        for (int i = 1; i < ROOM; i++) {
            keep(i, SIZE);
        }

        assertThat(fetched.holds(same.contentId())).isTrue();
        assertThat(files()).hasSize(ROOM);
    }

    private Layout keep(int number, int size) throws IOException {
        byte[] content = bytes(number, size);
        Layout layout = Entries.layout(content);
        Path draft = fetched.draft();
        Files.write(draft, content);
        fetched.keep(draft, layout);
        Files.deleteIfExists(draft);
        return layout;
    }

    private static byte[] bytes(int number, int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
