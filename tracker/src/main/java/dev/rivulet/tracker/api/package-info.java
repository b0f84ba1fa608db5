/**
 * The mechanism of {@code /api/v1}: an endpoint is declared once, and from that come its route, who may use it, the check
 * of what it is sent, its answer's form, its record in the audit log, and its place in the OpenAPI document.
 */
@NullMarked
package dev.rivulet.tracker.api;

import org.jspecify.annotations.NullMarked;
