package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * One contract for everything that can correlate: loops in plain Java, the lesson's helpers, and
 * the engine's own convolution. All numbers are small whole numbers, so that all must agree to the
 * bit.
 */
class CorrelationContractTest {
  /** (inChannels, h, w) and (outChannels, inChannels, kh, kw) to (outChannels, h', w'). */
  @FunctionalInterface
  private interface Correlation {
    NDArray apply(NDArray X, NDArray K);
  }

  private enum Subject {
    PLAIN_LOOPS(CorrelationContractTest::loops),
    LESSON(D2l::corr2dMultiInOut),
    ENGINE(CorrelationContractTest::engine);

    private final Correlation correlation;

    Subject(Correlation correlation) {
      this.correlation = correlation;
    }
  }

  @TestFactory
  Stream<DynamicTest> givesTheLessonsNumbers() {
    return Stream.of(Subject.values())
        .map(
            subject ->
                DynamicTest.dynamicTest(
                    subject.name(),
                    () -> {
                      try (NDManager manager = NDManager.newBaseManager()) {
                        NDArray X = counting(manager, new Shape(1, 3, 3));
                        NDArray K = counting(manager, new Shape(1, 1, 2, 2));
                        assertEquals(
                            "[[[19, 25], [37, 43]]]",
                            Numbers.text(subject.correlation.apply(X, K)));
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> agreesWithPlainLoops() {
    return Stream.of(Subject.LESSON, Subject.ENGINE)
        .map(
            subject ->
                DynamicTest.dynamicTest(
                    subject.name(), () -> assertEquals(1008, compareAll(subject.correlation))));
  }

  /** Every small shape with different sizes on every axis; answers how many there were. */
  private static int compareAll(Correlation correlation) {
    int cases = 0;
    for (long in = 1; in <= 3; in++) {
      for (long out = 1; out <= 4; out++) {
        for (long kh = 1; kh <= 4; kh++) {
          for (long kw = 1; kw <= 3; kw++) {
            for (long extra = 0; extra < 7; extra++) {
              try (NDManager manager = NDManager.newBaseManager()) {
                NDArray X = counting(manager, new Shape(in, kh + extra, kw + 6 - extra));
                NDArray K = counting(manager, new Shape(out, in, kh, kw));
                NDArray Y = correlation.apply(X, K);
                NDArray wanted = loops(X, K);
                assertEquals(wanted.getShape(), Y.getShape());
                assertArrayEquals(wanted.toFloatArray(), Y.add(0).toFloatArray()); // -0 is 0
                cases++;
              }
            }
          }
        }
      }
    }
    return cases;
  }

  @Test
  void oneChannelAndSummedChannelsAreSlicesOfTheSame() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray X = counting(manager, new Shape(3, 5, 7));
      NDArray K = counting(manager, new Shape(2, 3, 2, 4));
      NDArray Y = loops(X, K);
      assertArrayEquals(Y.get(1).toFloatArray(), D2l.corr2dMultiIn(X, K.get(1)).toFloatArray());
      NDArray first = loops(X.get("0:1"), K.get("0:1, 0:1"));
      assertArrayEquals(first.toFloatArray(), D2l.corr2d(X.get(0), K.get("0, 0")).toFloatArray());
    }
  }

  /** The definition, element by element. */
  private static NDArray loops(NDArray X, NDArray K) {
    float[] x = X.toFloatArray();
    float[] k = K.toFloatArray();
    int in = size(X, 0);
    int h = size(X, 1);
    int w = size(X, 2);
    int kh = size(K, 2);
    int kw = size(K, 3);
    int oh = h - kh + 1;
    int ow = w - kw + 1;
    float[] y = new float[size(K, 0) * oh * ow];
    for (int o = 0; o < size(K, 0); o++) {
      for (int i = 0; i < oh; i++) {
        for (int j = 0; j < ow; j++) {
          float sum = 0;
          for (int c = 0; c < in; c++) {
            for (int a = 0; a < kh; a++) {
              for (int b = 0; b < kw; b++) {
                sum += x[(c * h + i + a) * w + j + b] * k[((o * in + c) * kh + a) * kw + b];
              }
            }
          }
          y[(o * oh + i) * ow + j] = sum;
        }
      }
    }
    return X.getManager().create(y, new Shape(size(K, 0), oh, ow)).add(0);
  }

  /** The engine's convolution with K as its weights. */
  private static NDArray engine(NDArray X, NDArray K) {
    NDManager manager = X.getManager();
    Conv2d conv2d =
        Conv2d.builder()
            .setFilters(size(K, 0))
            .setKernelShape(K.getShape().slice(2))
            .optBias(false)
            .build();
    conv2d.initialize(manager, DataType.FLOAT32, new Shape(1).addAll(X.getShape()));
    K.copyTo(conv2d.getParameters().get("weight").getArray());
    NDList input = new NDList(X.expandDims(0));
    return conv2d
        .forward(new ParameterStore(manager, false), input, false)
        .singletonOrThrow()
        .squeeze(0);
  }

  /** Small whole numbers of both signs that repeat in no axis' length. */
  private static NDArray counting(NDManager manager, Shape shape) {
    float[] numbers = new float[(int) shape.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = shape.size() <= 9 ? i : i * 7 % 13 - 6;
    }
    return manager.create(numbers, shape);
  }

  private static int size(NDArray array, int axis) {
    return (int) array.getShape().get(axis);
  }
}
