/** Which edges the tracker has met, by their keys, and which of them the operator revoked. */
@NullMarked
package dev.rivulet.tracker.enrolment;

import org.jspecify.annotations.NullMarked;
