/** Configuration: a YAML file, environment variables and flags merged into one strict record. */
@NullMarked
package dev.rivulet.protocol.settings;

import org.jspecify.annotations.NullMarked;
