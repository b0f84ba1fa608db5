package dev.rivulet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.CatalogError;
import dev.rivulet.protocol.http.Shareability;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares docs/protocol.md, which is right, with the constants of this module. */
final class SpecificationTest {
    private static final Pattern LIMIT = Pattern.compile("`([A-Z][A-Z0-9_]+)` = ([0-9]+)");
    private static final Pattern NAME = Pattern.compile("`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)`");
    private static final Pattern CLOSE_CODE = Pattern.compile("(?m)^\\| ([0-9]{4}) \\| `([A-Z_]+)` \\|");
    private static final Pattern TABLE_WORD = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    private final String specification;

    SpecificationTest() throws IOException {
        specification = Files.readString(Path.of("../docs/protocol.md"));
    }

    @Test
    void everyLimitHasTheValueThatTheSpecificationSays() throws IllegalAccessException {
        Map<String, Long> inSpecification = new TreeMap<>();
        for (MatchResult limit : LIMIT.matcher(specification).results().toList()) {
            Long former = inSpecification.put(limit.group(1), Long.valueOf(limit.group(2)));
            assertThat(former).as("another value of %s", limit.group(1)).isIn(null, Long.valueOf(limit.group(2)));
        }

        Map<String, Long> inJava = new TreeMap<>();
        for (Field field : Limits.class.getFields()) {
            inJava.put(field.getName(), ((Number) field.get(null)).longValue());
        }

        assertThat(inJava).isNotEmpty().isEqualTo(inSpecification);
    }

    @Test
    void everyNameInCapitalsIsDefinedSomewhere() {
        List<String> names = NAME.matcher(specification)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !isDefined(name))
                .toList();

        assertThat(names).isEmpty();
    }

    private static boolean isDefined(String name) {
        boolean limit =
                Arrays.stream(Limits.class.getFields()).map(Field::getName).anyMatch(name::equals);
        boolean trackerCode =
                Arrays.stream(TrackerCloseCode.values()).map(Enum::name).anyMatch(name::equals);
        boolean peerCode = Arrays.stream(PeerCloseCode.values()).map(Enum::name).anyMatch(name::equals);
        return limit || trackerCode || peerCode;
    }

    @Test
    void trackersCloseWithTheCodesOfTheSpecification() {
        assertThat(codes(TrackerCloseCode.values(), TrackerCloseCode::code)).isEqualTo(codes("### 5.3"));
    }

    @Test
    void peersCloseWithTheCodesOfTheSpecification() {
        assertThat(codes(PeerCloseCode.values(), PeerCloseCode::code)).isEqualTo(codes("### 6.3"));
    }

    @Test
    void catalogErrorsAreThoseOfTheSpecificationInItsOrder() {
        List<String> inSpecification = words("### 4.1").stream().distinct().toList();

        assertThat(Arrays.stream(CatalogError.values()).map(CatalogError::text)).isEqualTo(inSpecification);
    }

    @Test
    void reasonsAgainstSharingAreThoseOfTheSpecificationInItsOrder() {
        assertThat(Arrays.stream(Shareability.Reason.values()).map(Shareability.Reason::text))
                .isEqualTo(words("## 9"));
    }

    private static <T extends Enum<T>> Map<String, Integer> codes(T[] values, Function<T, Integer> code) {
        return new TreeMap<>(Arrays.stream(values).collect(Collectors.toMap(Enum::name, code)));
    }

    private Map<String, Integer> codes(String heading) {
        Map<String, Integer> codes = new TreeMap<>();
        CLOSE_CODE
                .matcher(section(heading))
                .results()
                .forEach(row -> codes.put(row.group(2), Integer.valueOf(row.group(1))));
        return codes;
    }

    private List<String> words(String heading) {
        List<String> words = new ArrayList<>();
        TABLE_WORD.matcher(section(heading)).results().forEach(row -> words.add(row.group(1)));
        return words;
    }

    /** From the heading to the next one. */
    private String section(String heading) {
        int start = specification.indexOf("\n" + heading);
        assertThat(start).as(heading).isNotNegative();
        int end = specification.indexOf("\n#", start + 2);
        return specification.substring(start, end < 0 ? specification.length() : end);
    }
}
