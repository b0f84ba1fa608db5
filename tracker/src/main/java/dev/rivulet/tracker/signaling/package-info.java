/** Sessions of pages and edges: who is there, who may talk to whom, and what everybody of a site is told. */
@NullMarked
package dev.rivulet.tracker.signaling;

import org.jspecify.annotations.NullMarked;
