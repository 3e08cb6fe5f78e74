package io.github.convlens.bench;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Our methods, measured by JMH in a Java of their own.
 *
 * @param warmUps seconds of warm-up
 * @param iterations seconds that are measured, one sample each
 * @param threads the engine's threads
 */
record Jmh(int warmUps, int iterations, int threads) {
  /** Seconds per call of a benchmark's method. */
  Measurement time(Class<?> benchmark, String method) {
    return time(benchmark, method, Map.of());
  }

  /** The same with values for the benchmark's parameters. */
  Measurement time(Class<?> benchmark, String method, Map<String, String> parameters) {
    return () -> Optional.of(run(benchmark.getName() + "." + method + "$", parameters));
  }

  private Samples run(String pattern, Map<String, String> parameters) throws IOException {
    OptionsBuilder options = new OptionsBuilder();
    parameters.forEach(options::param);
    options
        .include(pattern)
        .forks(1)
        .warmupIterations(warmUps)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(iterations)
        .measurementTime(TimeValue.seconds(1))
        .jvmArgsAppend(
            "-Dai.djl.pytorch.num_threads=" + threads,
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    try {
      return new Samples(
          new Runner(options.build())
              .run().stream()
                  .flatMap(result -> result.getBenchmarkResults().stream())
                  .flatMap(result -> result.getIterationResults().stream())
                  .map(Jmh::seconds)
                  .toList());
    } catch (RunnerException e) {
      throw new IOException("JMH could not run " + pattern, e);
    }
  }

  /** The benchmarks' unit is the microsecond. */
  private static double seconds(IterationResult iteration) {
    return iteration.getPrimaryResult().getScore() / 1e6;
  }
}
