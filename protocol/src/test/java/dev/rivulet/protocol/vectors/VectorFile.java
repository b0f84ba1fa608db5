package dev.rivulet.protocol.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A file of vectors. */
record VectorFile(String name, JsonNode content) {
    static final Path FOLDER = Path.of("vectors");

    /** All files on disk that Java has to run. */
    static List<VectorFile> all() throws IOException {
        try (Stream<Path> paths = Files.list(FOLDER)) {
            return paths.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .map(VectorFile::read)
                    .filter(VectorFile::isForJava)
                    .toList();
        }
    }

    private static VectorFile read(Path path) {
        try {
            String name = path.getFileName().toString().replace(".json", "");
            return new VectorFile(name, new ObjectMapper().readTree(path.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    private boolean isForJava() {
        return StreamSupport.stream(content.get("languages").spliterator(), false)
                .anyMatch(language -> language.textValue().equals("java"));
    }

    List<VectorCase> cases() {
        return StreamSupport.stream(content.get("cases").spliterator(), false)
                .map(VectorCase::new)
                .toList();
    }
}
