/** Code that breaks the rules on purpose: {@code ArchitectureRulesTest} asks that they notice. */
@NullMarked
package dev.rivulet.architecture.swarm;

import org.jspecify.annotations.NullMarked;
