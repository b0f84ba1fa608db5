package dev.rivulet.edge.served;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.catalog.ServedDay;
import dev.rivulet.protocol.id.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Checks files of the log: each against its signature, and each against the one before. */
public final class LogCheck {
    private @Nullable Sha256 before;
    private @Nullable PublicKey key;
    private int wrong;

    private LogCheck() {}

    /**
     * Checks the files in the order given, which is that of their days.
     *
     * @param said a line for each file
     * @return how many are not as the edge wrote them
     */
    public static int of(List<Path> files, Consumer<String> said) {
        LogCheck check = new LogCheck();
        for (Path file : files) {
            said.accept(file + ": " + check.verdict(file));
        }
        return check.wrong;
    }

    private String verdict(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ServedDay day = ServedDay.parse(bytes);
            String jws = Files.readString(LogDirectory.signature(file), StandardCharsets.US_ASCII);
            String fault = fault(day, bytes, jws);
            before = ServedDay.hashOf(bytes);
            key = key == null ? day.key() : key;
            if (fault.isEmpty()) {
                return "right, " + day.contents().size() + " contents, " + day.bytes() + " bytes, by "
                        + day.key().keyId().text();
            }
            wrong++;
            return fault;
        } catch (IOException | DecodeException e) {
            wrong++;
            before = null;
            return "cannot be read: " + e.getMessage();
        }
    }

    private String fault(ServedDay day, byte[] bytes, String jws) {
        if (!ServedDay.isSigned(bytes, jws, day.key())) {
            return "WRONG: its signature is of other bytes, or of another key";
        }
        if (key != null && !key.equals(day.key())) {
            return "WRONG: of another edge than the file before";
        }
        if (before != null && !before.equals(day.previous())) {
            return "WRONG: does not follow the file before (one is missing, or was exchanged)";
        }
        return "";
    }
}
