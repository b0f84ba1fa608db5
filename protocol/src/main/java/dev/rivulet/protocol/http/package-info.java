/** What HTTP means to Rivulet: byte ranges, validators, a site's policy, and what may be shared. */
@NullMarked
package dev.rivulet.protocol.http;

import org.jspecify.annotations.NullMarked;
