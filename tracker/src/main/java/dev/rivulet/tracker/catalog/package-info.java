/** What a site's catalog says, and when a head or batch is cut of it: values in, values out. */
@NullMarked
package dev.rivulet.tracker.catalog;

import org.jspecify.annotations.NullMarked;
