package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NewestTest {
    @ParameterizedTest
    @CsvSource({"1, 2", "1, 100", "7, 8", "7, 14", "7, 15", "100, 1000"})
    void theLeastOfTheNewestIsFoundInWhateverOrderTheyCome(int most, int all) {
        long[] numbers = new Random(most + all).longs(all, 1, Long.MAX_VALUE).toArray();
        Newest newest = new Newest(most, all);

        LongStream.of(numbers).forEach(newest::add);

        assertThat(newest.oldest())
                .isEqualTo(LongStream.of(numbers)
                        .sorted()
                        .skip(all - most)
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void ofFewerThanAreWantedNoneIsTooOld() {
        Newest newest = new Newest(3, 10);
        newest.add(5);
        newest.add(6);

        assertThat(newest.oldest()).isEqualTo(Long.MIN_VALUE);
    }
}
