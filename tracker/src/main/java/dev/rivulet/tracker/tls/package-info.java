/** The tracker's own certificate: PEM files, read again when they change. */
@NullMarked
package dev.rivulet.tracker.tls;

import org.jspecify.annotations.NullMarked;
