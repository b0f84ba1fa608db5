package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import java.util.List;

/** The bounds of the {@code features} of both hellos. */
final class Features {
    private Features() {}

    static List<String> check(List<String> features) {
        List<String> checked = Check.list("features", features, 0, Limits.MAX_FEATURES);
        for (int i = 0; i < checked.size(); i++) {
            Check.line("features[" + i + "]", checked.get(i), 1, Limits.MAX_FEATURE_CHARS);
        }
        return checked;
    }
}
