package dev.rivulet.protocol;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Range checks for compact constructors; all throw {@link InvalidValueException} with the field's name. */
public final class Check {
    private Check() {}

    /** Refuses with {@code reason} unless {@code holds}. */
    public static void that(boolean holds, String field, String reason) {
        if (!holds) {
            throw new InvalidValueException(field, reason);
        }
    }

    /** Refuses a number outside {@code least} to {@code most}, both inclusive. */
    public static void range(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidValueException(field, value + " is not within " + least + " to " + most);
        }
    }

    /** Refuses a number outside 0 to 2^32-1. */
    public static void u32(String field, long value) {
        range(field, value, 0, Limits.MAX_U32);
    }

    /** Refuses a number outside 0 to 2^53-1, the integers JSON carries exactly. */
    public static void count(String field, long value) {
        range(field, value, 0, Limits.MAX_INTEGER);
    }

    /** Refuses text whose length in UTF-16 units is outside the bounds, or that has an unpaired surrogate. */
    public static void text(String field, String value, int least, int most) {
        if (value.length() < least || value.length() > most) {
            throw new InvalidValueException(field, value.length() + " characters, not within " + least + " to " + most);
        }
        that(!hasUnpairedSurrogate(value), field, "unpaired surrogate");
    }

    /** As {@link #text}, and refuses control characters (Unicode category Cc). */
    public static void line(String field, String value, int least, int most) {
        text(field, value, least, most);
        that(value.chars().noneMatch(Character::isISOControl), field, "control character");
    }

    /** As {@link #line}, where null is allowed. */
    public static void optionalLine(String field, @Nullable String value, int least, int most) {
        if (value != null) {
            line(field, value, least, most);
        }
    }

    /** An unmodifiable copy; refuses a number of elements outside the bounds. */
    public static <T> List<T> list(String field, Collection<T> values, int least, int most) {
        if (values.size() < least || values.size() > most) {
            throw new InvalidValueException(field, values.size() + " elements, not within " + least + " to " + most);
        }
        return List.copyOf(values);
    }

    /** As {@link #list}, where null is allowed and stays null. */
    public static <T> @Nullable List<T> optionalList(
            String field, @Nullable Collection<T> values, int least, int most) {
        return values == null ? null : list(field, values, least, most);
    }

    private static boolean hasUnpairedSurrogate(String value) {
        return value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
