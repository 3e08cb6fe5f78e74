/**
 * A shape's way through a network: what each layer makes of it, what it costs, and what each output
 * sees of the network's input; as text, JSON, CSV and Markdown. Arithmetic only, no engine.
 *
 * <pre>{@code
 * Graph lenet = PyTorch.parse(Presets.text("lenet"));
 * Trace trace = Trace.of(lenet, Presets.input("lenet"), Convention.TORCHVISION);
 * long parameters = trace.totals().parameters(); // 61,706
 * for (Row row : trace.rows()) {
 *   System.out.println(row.path() + " " + row.output());
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.trace;

import org.jspecify.annotations.NullMarked;
