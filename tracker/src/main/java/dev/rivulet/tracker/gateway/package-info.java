/** Whether edges' HTTP gateways are where the edges say (docs/protocol.md, section 5.9). */
@NullMarked
package dev.rivulet.tracker.gateway;

import org.jspecify.annotations.NullMarked;
