/** The one port: HTTP routes, the client's scripts, and the WebSocket that carries signalling. */
@NullMarked
package dev.rivulet.tracker.http;

import org.jspecify.annotations.NullMarked;
