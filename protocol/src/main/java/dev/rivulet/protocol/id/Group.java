package dev.rivulet.protocol.id;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;

/** Where a viewer is (a page, a stream): 1 to {@value Limits#MAX_GROUP_CHARS} characters, none of them controls. */
public record Group(String text) {
    public Group {
        Check.line("group", text, 1, Limits.MAX_GROUP_CHARS);
    }

    /** Reads a group from untrusted text. */
    public static Group parse(String text) throws DecodeException {
        try {
            return new Group(text);
        } catch (InvalidValueException e) {
            throw new DecodeException(e.field(), e.reason());
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
