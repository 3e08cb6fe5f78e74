package io.github.convlens.lesson;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.convlens.ResidentMemory;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

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

  /** A step with two parameters, and an input that is not learned. */
  private static Runnable step(NDManager manager) {
    NDArray X = manager.arange(12f).reshape(4, 3).div(12);
    NDArray weight = manager.zeros(new Shape(3, 2));
    NDArray bias = manager.zeros(new Shape(2));
    return () ->
        TrainingStep.descend(
            List.of(weight, bias),
            0.01f,
            scratch -> {
              NDArray picture = X.reshape(4, 3);
              picture.attach(scratch);
              return picture.matMul(weight).add(bias).sub(1).square().sum();
            });
  }

  /** Not only as many arrays: a step that replaced one would lose the caller's. */
  @Test
  void leavesTheManagersArraysAsTheyWere() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Runnable step = step(manager);
      List<String> before = identities(manager);
      for (int i = 0; i < 1000; i++) {
        step.run();
        assertEquals(before, identities(manager), "after step " + (i + 1));
      }
    }
  }

  private static List<String> identities(NDManager manager) {
    return manager.getManagedArrays().stream().map(NDArray::getUid).sorted().toList();
  }

  /** Run with -Psoak. */
  @Test
  @EnabledIfSystemProperty(named = "convlens.soak", matches = "true")
  void memoryStaysFlat() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      ResidentMemory.assertStaysFlat(step(manager));
    }
  }
}
