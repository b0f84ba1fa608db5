/** What an operator may configure, as records with their defaults. */
@NullMarked
package dev.rivulet.tracker.config;

import org.jspecify.annotations.NullMarked;
