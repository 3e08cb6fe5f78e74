package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingStepTest {
  /** The trap that TrainingStep is there for; if this fails, DJL has changed and it can go. */
  @Test
  void djlAloneAddsGradientsUp() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(3f);
      x.setRequiresGradient(true);
      for (int pass = 1; pass <= 3; pass++) {
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
          collector.backward(x.square());
        }
        assertEquals(6f * pass, x.getGradient().getFloat());
      }
    }
  }

  /** x^2 from 3 with rate 0.25: x - 0.25 x 2x = x / 2 each time. */
  @Test
  void followsTheGradientOfThisStepAlone() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(3f);
      float[] losses = new float[3];
      for (int step = 0; step < 3; step++) {
        losses[step] = TrainingStep.descend(List.of(x), 0.25f, scratch -> x.square());
        assertEquals(0f, x.getGradient().getFloat());
      }
      assertEquals(List.of(9f, 2.25f, 0.5625f), List.of(losses[0], losses[1], losses[2]));
      assertEquals(0.375f, x.getFloat());
    }
  }

  /** A gradient that is not a number must not live on in the next step. */
  @Test
  void forgetsEvenNotANumber() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(new float[] {1, 2});
      x.setRequiresGradient(true);
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        collector.backward(x.mul(Float.NaN).sum());
      }
      TrainingStep.clearGradients(List.of(x));
      assertEquals("[0, 0]", Numbers.text(x.getGradient()));
    }
  }
}
