package dev.rivulet.protocol.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * One key of a configuration record: what it means, what it is when nobody gives it, and what it may be.
 *
 * <p>A component without a {@link #fallback} is required, unless its type is {@code @Nullable} (then absent is null), a
 * list or map (empty), or a record of settings itself (all its fallbacks).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** What the key means, with its unit, for the reference page. */
    String help();

    /** The value, as one would write it in YAML, when nobody gives one. */
    String fallback() default "";

    /** The least value of a whole number. */
    long min() default Long.MIN_VALUE;

    /** The greatest value of a whole number. */
    long max() default Long.MAX_VALUE;

    /** Whether the value must not be shown: neither printed nor quoted in errors. */
    boolean secret() default false;
}
