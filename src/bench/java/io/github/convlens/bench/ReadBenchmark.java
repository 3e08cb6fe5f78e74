package io.github.convlens.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.github.convlens.engine.ProgramBlock;
import io.github.convlens.program.Program;
import io.github.convlens.program.Pt2File;
import io.github.convlens.program.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A program's file from disk (or the system's cache of it) to memory. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class ReadBenchmark {
  /** The program's file. */
  @Param("")
  public String file;

  /** The graph, and the bytes of every weight, mapped and held against their checksums. */
  @Benchmark
  public List<ByteBuffer> program() throws IOException {
    Program program = Pt2File.read(Path.of(file));
    List<ByteBuffer> all = new ArrayList<>();
    try (Weights.Reader reader = program.weights().open()) {
      for (String name : program.weights().names()) {
        all.add(reader.bytes(name));
      }
    }
    return all;
  }

  /** A block, ready to run. */
  @Benchmark
  public Block block() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      return ProgramBlock.of(Pt2File.read(Path.of(file)), manager);
    }
  }

  /** The file's bytes, as they are. */
  @Benchmark
  public byte[] bytes() throws IOException {
    return Files.readAllBytes(Path.of(file));
  }
}
