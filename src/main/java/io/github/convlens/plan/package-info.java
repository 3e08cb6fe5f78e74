/**
 * The way back: from a wanted size to the layers, the inputs or the network that make it.
 *
 * <ul>
 *   <li>{@link io.github.convlens.plan.Solver}: which windows make this size of that one;
 *   <li>{@link io.github.convlens.plan.NetSolver}: which inputs a network takes, and what it makes
 *       of them;
 *   <li>{@link io.github.convlens.plan.SamePadding}: what SAME means to whom;
 *   <li>{@link io.github.convlens.plan.Plan}: a stack of layers, its halvings spread evenly.
 * </ul>
 *
 * <p>Answers are records; wishes that contradict each other are a {@link
 * io.github.convlens.plan.PlanException}. Pure arithmetic, bounded searches, no engine.
 *
 * <pre>{@code
 * AxisAnswer answer = Solver.solve(WindowKind.CONVOLUTION, 28, 14, Bounds.DEFAULT);
 * Graph network = PyTorch.parse("Conv2d(3, 8, 3), MaxPool2d(2)");
 * Inputs inputs = NetSolver.inputsFor(network, new Shape(1, 3, 32, 32), Size.square(7), 64);
 * List<SamePadding> same = SamePadding.compare(3, 2, 224);
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.plan;

import org.jspecify.annotations.NullMarked;
