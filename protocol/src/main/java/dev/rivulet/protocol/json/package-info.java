/** The one door for JSON: strict parsing, and reading of fields with a place for every error. */
@NullMarked
package dev.rivulet.protocol.json;

import org.jspecify.annotations.NullMarked;
