/**
 * The chapter on convolutions of "Dive into Deep Learning" on DJL: its helper functions, its
 * experiments with their results, and what stands around them.
 */
@NullMarked
package io.github.convlens.lesson;

import org.jspecify.annotations.NullMarked;
