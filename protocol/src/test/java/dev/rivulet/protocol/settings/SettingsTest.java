package dev.rivulet.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    enum Colour {
        @JsonProperty("red")
        RED,
        @JsonProperty("dark-green")
        DARK_GREEN
    }

    record House(
            @Setting(help = "Where.", fallback = "127.0.0.1:7070")
            ListenAddress listen,

            @Setting(help = "Owner.") String owner,
            @Setting(help = "Colour.", fallback = "red") Colour colour,
            @Setting(help = "Key.", secret = true) @Nullable String doorKey,
            @Setting(help = "Rooms by name.") Map<String, Room> rooms,
            @Setting(help = "Cellar.") Room cellar,
            @Setting(help = "Guests.", secret = true) List<String> guests) {
        House {
            if (owner.equals("nobody")) {
                throw new ConfigException("owner", owner, "name somebody");
            }
        }
    }

    record Room(
            @Setting(help = "Windows.", fallback = "2", min = 0, max = 9)
            int windows,

            @Setting(help = "Heated.", fallback = "true") boolean heated,
            @Setting(help = "Volume.", fallback = "64 MiB") ByteSize volume,

            @Setting(help = "Aired every.", fallback = "12h")
            Duration aired,

            @Setting(help = "Doors.", fallback = "/**, b") List<String> doors,

            @Setting(help = "Alarm code.", secret = true) @Nullable
            String alarm) {}

    private static final Settings<House> SETTINGS = Settings.of(House.class, "HOUSE_");

    @Test
    void aKeysFallbackIsKnownByItself() {
        assertThat(SETTINGS.fallbackOf("cellar.volume")).isEqualTo("64 MiB");
        assertThat(SETTINGS.fallbackOf("owner")).isEmpty();
        assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> SETTINGS.fallbackOf("attic")))
                .hasMessageContaining("attic");
    }

    @Test
    void everythingAbsentIsItsFallback() {
        House house = read("owner: Ann");

        assertThat(house.listen()).isEqualTo(new ListenAddress("127.0.0.1", 7070));
        assertThat(house.colour()).isEqualTo(Colour.RED);
        assertThat(house.doorKey()).isNull();
        assertThat(house.rooms()).isEmpty();
        assertThat(house.cellar())
                .isEqualTo(new Room(2, true, new ByteSize(64 << 20), Duration.ofHours(12), List.of("/**", "b"), null));
    }

    @Test
    void fallbacksReachIntoMaps() {
        House house = read("owner: Ann\nrooms: {kitchen: {windows: 3}}");

        assertThat(house.rooms().get("kitchen").windows()).isEqualTo(3);
        assertThat(house.rooms().get("kitchen").heated()).isTrue();
    }

    @Test
    void flagBeatsEnvironmentBeatsFile() {
        String yaml = "owner: File\ncolour: red\ncellar: {windows: 1, heated: false}";
        Map<String, String> environment = Map.of("HOUSE_OWNER", "Env", "HOUSE_CELLAR_WINDOWS", "5");

        House house = SETTINGS.read(new Sources("f", yaml, environment, Map.of("owner", "Flag")));

        assertThat(house.owner()).isEqualTo("Flag");
        assertThat(house.cellar().windows()).isEqualTo(5);
        assertThat(house.cellar().heated()).isFalse();
    }

    @Test
    void thePackagesDefaultYieldsToTheFileAndToEverythingElse() {
        Map<String, String> environment = Map.of("HOUSE_DEFAULT_OWNER", "Package", "HOUSE_DEFAULT_CELLAR_WINDOWS", "7");

        House nothingElse = SETTINGS.read(new Sources("f", "", environment, Map.of()));
        House file = SETTINGS.read(new Sources("f", "owner: File\ncellar: {windows: 1}", environment, Map.of()));
        House flag = SETTINGS.read(new Sources("f", "", environment, Map.of("owner", "Flag")));

        assertThat(nothingElse.owner()).isEqualTo("Package");
        assertThat(nothingElse.cellar().windows()).isEqualTo(7);
        assertThat(file.owner()).isEqualTo("File");
        assertThat(file.cellar().windows()).isEqualTo(1);
        assertThat(flag.owner()).isEqualTo("Flag");
        assertThat(SETTINGS.unknownVariables(environment)).isEmpty();
    }

    @Test
    void textFromOutsideIsNotReadAsYaml() {
        House house = SETTINGS.read(new Sources(
                "f", "", Map.of("HOUSE_OWNER", "0123", "HOUSE_LISTEN", "[::1]:0", "HOUSE_DOOR_KEY", "*x"), Map.of()));

        assertThat(house.owner()).isEqualTo("0123");
        assertThat(house.listen()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(house.doorKey()).isEqualTo("*x");
    }

    @Test
    void listsFromOutsideAreSeparatedByCommas() {
        House house = SETTINGS.read(
                new Sources("f", "owner: A", Map.of("HOUSE_CELLAR_DOORS", "front, back"), Map.of("guests", "[x, y]")));

        assertThat(house.cellar().doors()).containsExactly("front", "back");
        assertThat(house.guests()).containsExactly("x", "y");
    }

    @Test
    void unknownKeyIsNamedWithTheKnownOnes() {
        ConfigException e = failure("owner: A\nrooms: {attic: {window: 1}}");

        assertThat(e.key()).isEqualTo("rooms.attic.window");
        assertThat(e.remedy()).contains("windows");
    }

    @Test
    void missingKeyIsNamedWithItsVariable() {
        ConfigException e = failure("colour: red");

        assertThat(e.key()).isEqualTo("owner");
        assertThat(e.remedy()).contains("HOUSE_OWNER");
    }

    @Test
    void wrongTypesAreNamedWithTheirValueAndRemedy() {
        assertThat(failure("owner: 7")).hasMessageContaining("owner = 7: write text, in quotes");
        assertThat(failure("owner: [a]")).hasMessageContaining("owner: write text");
        assertThat(failure("owner: A\ncellar: {windows: two}")).hasMessage("cellar.windows = two: write a number");
        assertThat(failure("owner: A\ncellar: {windows: 1.5}")).hasMessageContaining("cellar.windows = 1.5");
        assertThat(failure("owner: A\ncellar: {heated: 'yes'}")).hasMessage("cellar.heated = yes: write true or false");
        assertThat(failure("owner: A\ncellar: 3")).hasMessageContaining("cellar = 3: write keys and values");
        assertThat(failure("owner: A\ncellar: {doors: a}")).hasMessageContaining("cellar.doors = a: write a list");
    }

    @Test
    void aNumberWithoutItsUnitIsNamedWithTheRemedyThatWorks() {
        String sizes = "write a whole number and one of B, KiB, MiB, GiB, TiB, such as 10 GiB or 0 B";
        String times = "write a whole number and one of ms, s, m, h, d, such as 30s or 0s";

        assertThat(failure("owner: A\ncellar: {volume: 0}")).hasMessage("cellar.volume = 0: " + sizes);
        assertThat(failure("owner: A\ncellar: {volume: '0'}")).hasMessage("cellar.volume = 0: " + sizes);
        assertThat(failure("owner: A\ncellar: {volume: 1.5}")).hasMessage("cellar.volume = 1.5: " + sizes);
        assertThat(failure("owner: A\ncellar: {volume: [a]}")).hasMessage("cellar.volume: " + sizes);
        assertThat(failure("owner: A\ncellar: {aired: 30}")).hasMessage("cellar.aired = 30: " + times);
        assertThat(failure("owner: A\ncellar: {aired: '30'}")).hasMessage("cellar.aired = 30: " + times);
        assertThat(failure("owner: A\ncellar: {aired: [a]}")).hasMessage("cellar.aired: " + times);
        assertThat(failure("owner: A\nlisten: 7070")).hasMessageContaining("listen = 7070: write HOST:PORT");
        assertThat(read("owner: A\ncellar: {volume: 0 B, aired: 0s}").cellar())
                .extracting(Room::volume, Room::aired)
                .containsExactly(new ByteSize(0), Duration.ZERO);
    }

    @Test
    void anAmountTooGreatToBeCountedIsNamedWithTheRemedy() {
        assertThat(failure("owner: A\ncellar: {volume: 999999999999999 TiB}"))
                .hasMessageContaining("cellar.volume = 999999999999999 TiB: write a whole number and one of B");
        assertThat(failure("owner: A\ncellar: {aired: 999999999999d}"))
                .hasMessageContaining("cellar.aired = 999999999999d: write a whole number and one of ms");
    }

    @Test
    void badValuesAreNamedWithTheirRemedy() {
        assertThat(failure("owner: A\ncolour: blue")).hasMessage("colour = blue: write one of red, dark-green");
        assertThat(failure("owner: A\nlisten: here")).hasMessageContaining("listen = here: write HOST:PORT");
        assertThat(failure("owner: A\nlisten: a:65536")).hasMessageContaining("listen = a:65536: write HOST:PORT");
        assertThat(failure("owner: A\ncellar: {aired: 5 years}")).hasMessageContaining("cellar.aired = 5 years: write");
        assertThat(failure("owner: A\ncellar: {volume: much}")).hasMessageContaining("cellar.volume = much: write");
        assertThat(failure("owner: A\nrooms: {a: {windows: 10}}"))
                .hasMessage("rooms.a.windows = 10: write a whole number from 0 to 9");
        assertThat(failure("owner: nobody")).hasMessage("owner = nobody: name somebody");
    }

    @Test
    void errorSaysWhenTheValueCameFromOutside() {
        ConfigException e = catchThrowableOfType(
                ConfigException.class,
                () -> SETTINGS.read(new Sources("f", "owner: A", Map.of("HOUSE_COLOUR", "blue"), Map.of())));

        assertThat(e).hasMessageStartingWith("colour = blue (environment variable HOUSE_COLOUR): write one of");
    }

    @Test
    void errorNeverQuotesSecrets() {
        assertThat(failure("owner: A\ndoor-key: 1234")).hasMessageNotContaining("1234");
        assertThat(failure("owner: A\nrooms: {a: {alarm: 1234}}"))
                .hasMessageNotContaining("1234")
                .hasMessageContaining("rooms.a.alarm");
    }

    @Test
    void badYamlIsOneLineWithItsPlace() {
        assertThat(failure("owner: [a")).hasMessageContaining("house.yaml").hasMessageContaining("line");
        assertThat(failure("owner: a\nowner: b")).hasMessageContaining("owner");
        assertThat(failure("- a").getMessage()).doesNotContain("\n");
        assertThat(failure("owner: a\n--- \nowner: b")).isNotNull();
    }

    @Test
    void printedSettingsReadBackTheSame() {
        House house = read("owner: '007'\nrooms: {hall: {aired: 90s, doors: ['**/*', '#1']}}");

        assertThat(SETTINGS.read(new Sources("f", SETTINGS.print(house), Map.of(), Map.of())))
                .isEqualTo(house);
    }

    @Test
    void printedSettingsMaskSecrets() {
        String printed = SETTINGS.print(read("owner: A\ndoor-key: abcd\nguests: [eve]\nrooms: {a: {alarm: abcd}}"));

        assertThat(printed).doesNotContain("abcd", "eve").contains("door-key: '***'");
    }

    @Test
    void unknownVariablesAreFound() {
        assertThat(SETTINGS.unknownVariables(Map.of("HOUSE_OWNR", "x", "HOUSE_OWNER", "y", "PATH", "z")))
                .containsExactly("HOUSE_OWNR");
    }

    @Test
    void referenceListsEveryKeyWithItsVariableAndFallback() {
        String reference = SettingsReference.markdown(House.class, "HOUSE_");

        assertThat(reference)
                .contains("| `owner` | `HOUSE_OWNER` | required | Owner. |\n")
                .contains("| `door-key` | `HOUSE_DOOR_KEY` | none | Key. |\n")
                .contains("| `rooms` | `HOUSE_ROOMS` | none | Rooms by name. |\n")
                .contains("| `rooms.NAME.windows` |  | `2` | Windows. 0 to 9. |\n")
                .contains("| `cellar` |  |  | Cellar. |\n")
                .contains("| `cellar.windows` | `HOUSE_CELLAR_WINDOWS` | `2` | Windows. 0 to 9. |\n");
    }

    private static House read(String yaml) {
        return SETTINGS.read(new Sources("house.yaml", yaml, Map.of(), Map.of()));
    }

    private static ConfigException failure(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> read(yaml));
    }
}
