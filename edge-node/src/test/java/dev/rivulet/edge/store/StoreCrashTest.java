package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.BeforeTry;
import org.slf4j.LoggerFactory;

/** Whatever was being done when the process or the machine died. */
final class StoreCrashTest {
    private static final Path ROOT = Path.of("store");

    /** Room for the larger contents or for the smaller ones, not for all. */
    private static final long MAX_BYTES = 1 << 20;

    private static final long PLENTY = 64 << 20;
    private static final int TRIES = 300;
    private static final int MOST_OPERATIONS = 120;

    private static final List<TestContent> CONTENTS = contents();

    private static List<TestContent> contents() {
        List<TestContent> contents = new ArrayList<>();
        for (int seed = 0; seed < 30; seed++) {
            contents.add(TestContent.of(seed, seed % 5 == 0 ? 262_144 + 3000 * seed : 500 + 700 * seed));
        }
        return contents;
    }

    /** That the power is off is said hundreds of times. */
    @BeforeContainer
    static void beQuiet() {
        log().setLevel(Level.OFF);
    }

    @AfterContainer
    static void speakAgain() {
        log().setLevel(null);
    }

    private static Logger log() {
        return (Logger) LoggerFactory.getLogger(DiskPieceStore.class.getPackageName());
    }

    private PowerLossDisk disk = new PowerLossDisk();
    /** What was held when {@link DiskPieceStore#flush} said yes, and was not dropped since. */
    private final Set<Slot> flushed = new HashSet<>();

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void afterAPowerFailureNothingWrongIsReadAndWhatWasFlushedIsThere(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int writes) throws IOException {
        Random random = new Random(seed);
        for (int life = 0; life < 3; life++) {
            live(random, writes);
            disk.losePower(random);
            checkAll(flushed);
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void afterAKillNothingThatWasKeptIsLost(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int writes)
            throws IOException {
        Random random = new Random(seed);
        for (int life = 0; life < 3; life++) {
            Set<Slot> held = live(random, writes);
            disk.restart();
            checkAll(held);
        }
    }

    /** The instance is that of all tries. */
    @BeforeTry
    void beginAnew() {
        disk = new PowerLossDisk();
        flushed.clear();
    }

    /** Works until the cut, and returns what was held then. */
    private Set<Slot> live(Random random, int writes) throws IOException {
        Set<Slot> held = new HashSet<>();
        DiskPieceStore store = open(MAX_BYTES);
        store.contents()
                .forEach(content -> store.held(content).stream().forEach(index -> held.add(new Slot(content, index))));
        flushed.retainAll(held);
        store.listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId content, int index) {
                held.add(new Slot(content, index));
            }

            @Override
            public void dropped(ContentId content, int index) {
                held.remove(new Slot(content, index));
                flushed.remove(new Slot(content, index));
            }
        });
        disk.cutAfter(writes);
        for (int operation = 0; operation < MOST_OPERATIONS; operation++) {
            operate(store, random, held);
            assertThat(disk.usage()).as("bytes on the disk").isLessThanOrEqualTo(MAX_BYTES);
        }
        return Set.copyOf(held);
    }

    private void operate(DiskPieceStore store, Random random, Set<Slot> held) {
        TestContent content = CONTENTS.get(random.nextInt(CONTENTS.size()));
        int index = random.nextInt(content.pieces());
        switch (random.nextInt(10)) {
            case 0 -> {
                if (store.flush()) {
                    flushed.addAll(held);
                }
            }
            case 1, 2, 3 -> {
                var read = disk.isOff() ? null : store.read(content.id(), index);
                if (read != null) {
                    assertThat(read).isEqualTo(content.piece(index));
                }
            }
            default -> store.write(content.layout(), index, content.piece(index));
        }
    }

    private void checkAll(Set<Slot> expected) throws IOException {
        DiskPieceStore store = open(MAX_BYTES);
        assertThat(store.heldBytes()).isLessThanOrEqualTo(MAX_BYTES);
        for (TestContent content : CONTENTS) {
            for (int index = 0; index < content.pieces(); index++) {
                var read = store.read(content.id(), index);
                if (read != null || expected.contains(new Slot(content.id(), index))) {
                    assertThat(read)
                            .as("piece %s of %s", index, CONTENTS.indexOf(content))
                            .isEqualTo(content.piece(index));
                }
                assertThat(store.has(content.id(), index)).isEqualTo(read != null);
            }
        }
        store.flush();
    }

    private DiskPieceStore open(long maxBytes) throws IOException {
        return DiskPieceStore.open(disk, ROOT, maxBytes, PLENTY, content -> 1);
    }
}
