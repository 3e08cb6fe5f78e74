/**
 * Speed and memory, measured beside what a user would take instead. The command that runs it all
 * and its newest table stand in {@code src/bench/RESULTS.md}.
 */
package io.github.convlens.bench;
