package io.github.convlens.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers to some lines of a batch.
 *
 * @param printed a line for each
 * @param notes what is to be told besides, in the order of the lines
 * @param failed how many lines have no answer
 * @param fault what ends the batch behind these answers; null where it goes on
 */
record ShapeAnswers(
    String printed, List<String> notes, int failed, @Nullable RuntimeException fault) {}
