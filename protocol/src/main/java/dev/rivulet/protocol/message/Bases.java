package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;

/** The bounds of lists of base URLs. */
final class Bases {
    private Bases() {}

    static List<ResourceUrl> check(String field, List<ResourceUrl> urls, int most) {
        List<ResourceUrl> checked = Check.list(field, urls, 0, most);
        for (int i = 0; i < checked.size(); i++) {
            Check.that(checked.get(i).isBase(), field + "[" + i + "]", "not a base URL");
        }
        return checked;
    }
}
