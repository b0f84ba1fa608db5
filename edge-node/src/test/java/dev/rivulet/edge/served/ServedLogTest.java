package dev.rivulet.edge.served;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.transfer.ServedTally;
import dev.rivulet.protocol.catalog.ServedDay;
import dev.rivulet.protocol.catalog.ServedDay.Amount;
import dev.rivulet.protocol.catalog.ServedDay.Served;
import dev.rivulet.protocol.catalog.ServedDay.Ways;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServedLogTest {
    private static final int DAYS = 3;

    @TempDir
    Path directory;

    private final SigningKey identity = SigningKey.generate(new SecureRandom());
    private final ServedTally tally = new ServedTally();
    private final ContentId one = TestContent.of(1, 10).id();
    private final ContentId two = TestContent.of(2, 10).id();
    private final List<ServedLog> opened = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-21T23:00:00Z");
    private ServedLog log;

    @BeforeEach
    void open() throws IOException {
        log = open(identity);
    }

    private ServedLog open(SigningKey key) throws IOException {
        ServedLog made =
                ServedLog.open(directory, new ServedLog.Author(new SiteId("demo"), key), DAYS, tally, () -> now);
        opened.add(made);
        return made;
    }

    @AfterEach
    void close() {
        opened.forEach(ServedLog::close);
    }

    @Test
    void whatWasServedIsSummedUpByContentAndWay() throws Exception {
        tally.webrtc(one, 100, true);
        tally.webrtc(one, 50, false);
        log.keep();
        tally.http(one, 7, true);
        tally.named(one, ResourceUrl.parse("https://site.example/a"));
        tally.http(two, 3, true);
        log.keep();

        ServedDay day = read("2026-11-21");
        assertThat(day.contents())
                .containsExactly(
                        new Served(
                                one,
                                ResourceUrl.parse("https://site.example/a"),
                                new Ways(new Amount(150, 1), new Amount(7, 1))),
                        new Served(two, null, new Ways(Amount.NONE, new Amount(3, 1))));
        assertThat(day.previous()).isNull();
        assertThat(day.key()).isEqualTo(identity.publicKey());
        assertThat(check()).isZero();
    }

    @Test
    void theNextDayNamesTheOneBeforeAndOldDaysAreForgotten() throws Exception {
        for (int day = 0; day < DAYS + 2; day++) {
            tally.webrtc(one, 1, true);
            log.keep();
            now = now.plus(Duration.ofDays(1));
        }

        assertThat(names()).containsExactly("2026-11-23.json", "2026-11-24.json", "2026-11-25.json");
        assertThat(read("2026-11-24").previous())
                .isEqualTo(ServedDay.hashOf(Files.readAllBytes(directory.resolve("2026-11-23.json"))));
        assertThat(check()).isZero();
    }

    @Test
    void aClockFarAheadDeletesNothing() throws Exception {
        for (int day = 0; day < DAYS - 1; day++) {
            tally.webrtc(one, 1, true);
            log.keep();
            now = now.plus(Duration.ofDays(1));
        }
        now = Instant.parse("2099-01-01T00:00:00Z");
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json", "2026-11-22.json", "2099-01-01.json");
        assertThat(check()).isZero();
    }

    @Test
    void whatWasServedWhileTheClockWasAheadStandsUnderTheRightDayAfterwards() throws Exception {
        for (int day = 0; day < 2; day++) {
            tally.webrtc(one, 1, true);
            log.keep();
            now = now.plus(Duration.ofDays(1));
        }
        Instant right = now;
        now = Instant.parse("2099-01-01T00:00:00Z");
        tally.webrtc(two, 10, true);
        log.keep();
        log = open(identity);

        now = right;
        tally.webrtc(one, 100, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json", "2026-11-22.json", "2026-11-23.json");
        assertThat(read("2026-11-23").bytes()).isEqualTo(110);
        assertThat(check()).isZero();
    }

    @Test
    void aDayThatAClockAheadBrokeOffGoesOn() throws Exception {
        Instant right = brokenOffByAClockAhead();

        now = right;
        tally.webrtc(one, 100, true);
        log.keep();
        now = now.plus(Duration.ofDays(1));
        tally.webrtc(one, 1000, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json", "2026-11-22.json");
        assertThat(read("2026-11-21").bytes()).isEqualTo(111);
        assertThat(check()).isZero();
    }

    @Test
    void aMachineThatBootsInThePastGoesOnWithTheLastDay() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        now = Instant.parse("1970-01-01T00:01:00Z");
        log = open(identity);
        tally.webrtc(one, 10, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json");
        assertThat(read("2026-11-21").bytes()).isEqualTo(11);
    }

    @Test
    void aNameThatIsNoDayIsNobodysFile() throws Exception {
        Files.writeString(directory.resolve("2026-02-31.json"), "{}");

        log = open(identity);
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(read("2026-11-21").bytes()).isEqualTo(1);
        assertThat(directory.resolve("2026-02-31.json")).hasContent("{}");
    }

    @Test
    void aRestartGoesOnWithTheSameDayAndTheSameChain() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        log = open(identity);
        tally.webrtc(one, 2, true);
        log.keep();
        assertThat(read("2026-11-21").bytes()).isEqualTo(3);

        now = now.plus(Duration.ofDays(2));
        log = open(identity);
        tally.webrtc(two, 5, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json", "2026-11-23.json");
        assertThat(check()).isZero();
    }

    @Test
    void aSignatureThatACrashLeftBehindIsMadeUpFor() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        Path signature = directory.resolve("2026-11-21.json.jws");
        byte[] former = Files.readAllBytes(signature);
        tally.webrtc(one, 1, true);
        log.keep();
        Files.write(signature, former);
        assertThat(check()).isEqualTo(1);

        log = open(identity);

        assertThat(check()).isZero();
    }

    @Test
    void aDiskThatRefusesTheSignatureAtTheStartPreventsNothing() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        Files.delete(directory.resolve("2026-11-21.json.jws"));
        Path inTheWay = directory.resolve("2026-11-21.json.jws.next");
        Files.createDirectory(inTheWay);

        log = open(identity);
        tally.webrtc(one, 2, true);
        log.keep();
        Files.delete(inTheWay);
        log.keep();

        assertThat(read("2026-11-21").bytes()).isEqualTo(3);
        assertThat(check()).isZero();
    }

    @Test
    void aClockThatIsSetBackDoesNotBeginAnEarlierDay() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        now = now.minus(Duration.ofDays(1));
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json");
        assertThat(read("2026-11-21").bytes()).isEqualTo(2);
    }

    @Test
    void whatIsDamagedOrOfAnotherEdgeIsNotWrittenOver() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        byte[] theirs = Files.readAllBytes(directory.resolve("2026-11-21.json"));

        log = open(SigningKey.generate(new SecureRandom()));
        tally.webrtc(two, 1, true);
        log.keep();

        assertThat(directory.resolve("2026-11-21.json.aside")).hasBinaryContent(theirs);
        assertThat(read("2026-11-21").previous()).isEqualTo(ServedDay.hashOf(theirs));
        assertThat(check()).isZero();
    }

    @Test
    void todaysFileThatCannotBeReadMakesWayForANewChain() throws Exception {
        Files.createDirectory(directory.resolve("2026-11-21.json"));

        log = open(identity);
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(directory.resolve("2026-11-21.json.aside")).isDirectory();
        assertThat(read("2026-11-21").bytes()).isEqualTo(1);
        assertThat(read("2026-11-21").previous()).isNull();
        assertThat(check()).isZero();
    }

    @Test
    void aFileOfTooManyBytesMakesWayToo() throws Exception {
        Path file = directory.resolve("2026-11-21.json");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(ServedDay.MAX_BYTES + 1);
        }

        log = open(identity);
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(directory.resolve("2026-11-21.json.aside")).hasSize(ServedDay.MAX_BYTES + 1);
        assertThat(read("2026-11-21").bytes()).isEqualTo(1);
    }

    @Test
    void whatWasSetAsideBeforeStaysWhenItsDayIsSetAsideAgain() throws Exception {
        Files.writeString(directory.resolve("2026-11-21.json.aside"), "older");
        Files.writeString(directory.resolve("2026-11-21.json"), "newer");

        log = open(identity);
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(directory.resolve("2026-11-21.json.aside")).hasContent("older");
        assertThat(directory.resolve("2026-11-21.json.aside-2")).hasContent("newer");
        assertThat(read("2026-11-21").bytes()).isEqualTo(1);
    }

    @Test
    void aFormerDaysFileThatCannotBeReadIsLeftAsItIs() throws Exception {
        Path unreadable = Files.createDirectory(directory.resolve("2026-11-20.json"));

        log = open(identity);
        tally.webrtc(one, 1, true);
        log.keep();

        assertThat(unreadable).isDirectory();
        assertThat(read("2026-11-21").bytes()).isEqualTo(1);
        assertThat(read("2026-11-21").previous()).isNull();
    }

    @Test
    void todaysFileGoesOnThoughOneOfALaterDayCannotBeRead() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        Files.createDirectory(directory.resolve("2099-01-01.json"));
        Files.writeString(directory.resolve("2098-01-01.json"), "damaged");

        log = open(identity);
        tally.webrtc(one, 2, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json");
        assertThat(directory.resolve("2099-01-01.json.aside")).isDirectory();
        assertThat(directory.resolve("2098-01-01.json.aside")).hasContent("damaged");
        assertThat(read("2026-11-21").bytes()).isEqualTo(3);
        assertThat(check()).isZero();
    }

    @Test
    void whatWasCountedWhileTheClockWasAheadStandsUnderTodayThoughTodaysFileCannotBeRead() throws Exception {
        Instant right = brokenOffByAClockAhead();
        Files.writeString(directory.resolve("2026-11-21.json"), "damaged");

        now = right;
        tally.webrtc(one, 100, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json");
        assertThat(directory.resolve("2026-11-21.json.aside")).hasContent("damaged");
        assertThat(read("2026-11-21").bytes()).isEqualTo(110);
    }

    @Test
    void anOldFileThatCannotBeDeletedKeepsNoOtherAndHoldsNothingUp() throws Exception {
        Path stubborn = Files.createDirectory(directory.resolve("2026-01-01.json"));
        Files.writeString(stubborn.resolve("something"), "in it");
        Files.writeString(directory.resolve("2026-01-02.json"), "old");
        for (int day = 0; day < DAYS; day++) {
            tally.webrtc(one, 1, true);
            log.keep();
            now = now.plus(Duration.ofDays(1));
        }

        assertThat(names()).containsExactly("2026-01-01.json", "2026-11-21.json", "2026-11-22.json", "2026-11-23.json");
    }

    @Test
    void aDirectoryThatCannotBeListedAtTheStartIsTakenUpWhenItCan() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        Path gone = directory.resolveSibling(directory.getFileName() + "-gone");
        Files.move(directory, gone);
        Files.writeString(directory, "in the way");

        log = open(identity);
        tally.webrtc(one, 2, true);
        log.keep();
        Files.delete(directory);
        Files.move(gone, directory);
        log.keep();

        assertThat(read("2026-11-21").bytes()).isEqualTo(3);
        assertThat(check()).isZero();
    }

    @Test
    void aFileThatWasChangedOrTakenOutIsFound() throws Exception {
        for (int day = 0; day < DAYS; day++) {
            tally.webrtc(one, 1000, true);
            log.keep();
            now = now.plus(Duration.ofDays(1));
        }
        Path middle = directory.resolve("2026-11-22.json");
        String right = Files.readString(middle);

        Files.writeString(middle, right.replace("1000", "1"));
        assertThat(check()).isGreaterThanOrEqualTo(1);
        Files.delete(middle);
        assertThat(check()).isEqualTo(1);
        Files.writeString(middle, right);
        assertThat(check()).isZero();
    }

    @Test
    void aDiskThatRefusesTheLastOfADayBreaksNoChain() throws Exception {
        tally.webrtc(one, 1, true);
        log.keep();
        Path inTheWay = directory.resolve("2026-11-21.json.next");
        Files.createDirectory(inTheWay);
        tally.webrtc(one, 2, true);
        log.keep();
        now = now.plus(Duration.ofDays(1));
        tally.webrtc(two, 4, true);
        log.keep();
        Files.delete(inTheWay);
        tally.webrtc(two, 8, true);
        log.keep();

        assertThat(names()).containsExactly("2026-11-21.json", "2026-11-22.json");
        assertThat(read("2026-11-21").bytes() + read("2026-11-22").bytes()).isEqualTo(15);
        assertThat(check()).isZero();
    }

    @Test
    void whatTheDiskRefusedIsWrittenLaterThoughNothingFollows() throws Exception {
        Path inTheWay = directory.resolve("2026-11-21.json.next");
        Files.createDirectory(inTheWay);
        tally.webrtc(one, 2, true);
        log.keep();
        Files.delete(inTheWay);

        log.keep();

        assertThat(read("2026-11-21").bytes()).isEqualTo(2);
        assertThat(check()).isZero();
    }

    @Test
    void nothingServedIsNoFile() throws Exception {
        log.keep();

        assertThat(names()).isEmpty();
    }

    private ServedDay read(String day) throws Exception {
        return ServedDay.parse(Files.readAllBytes(directory.resolve(day + ".json")));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    /** How many files are wrong. */
    private int check() throws IOException {
        return LogCheck.of(names().stream().map(directory::resolve).toList(), line -> {});
    }

    /** One byte is served today, and ten when the clock is far ahead. @return the right time */
    private Instant brokenOffByAClockAhead() {
        tally.webrtc(one, 1, true);
        log.keep();
        Instant right = now;
        now = Instant.parse("2099-01-01T00:00:00Z");
        tally.webrtc(two, 10, true);
        log.keep();
        return right;
    }
}
