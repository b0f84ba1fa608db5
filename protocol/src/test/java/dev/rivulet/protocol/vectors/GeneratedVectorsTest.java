package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class GeneratedVectorsTest {
    @Test
    void filesOnDiskAreWhatTheGeneratorMakes() throws Exception {
        for (Map.Entry<String, String> file : VectorGenerator.generate().entrySet()) {
            assertThat(Files.readString(VectorFile.FOLDER.resolve(file.getKey())))
                    .as("%s; run VectorGenerator to renew it", file.getKey())
                    .isEqualTo(file.getValue());
        }
    }
}
