/**
 * How ConvLens starts DJL's engine, and what its own commands do with arrays. Not for users: it may
 * change with any version.
 */
@NullMarked
package io.github.convlens.engine.internal;

import org.jspecify.annotations.NullMarked;
