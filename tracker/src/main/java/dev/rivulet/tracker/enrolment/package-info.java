/** Which edges the tracker has met, by their keys, which of them the operator revoked, and who is banned. */
@NullMarked
package dev.rivulet.tracker.enrolment;

import org.jspecify.annotations.NullMarked;
