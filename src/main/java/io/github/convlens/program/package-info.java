/**
 * Exported programs, as {@code torch.export} makes them: read from a {@code .pt2} file with their
 * weights, or from the text that {@code print} shows of them, and turned into a graph. No engine.
 *
 * <pre>{@code
 * Program program = Pt2File.read(Path.of("model.pt2"));
 * List<Shape> inputs = ProgramInputs.own(program);
 * Graph network = ProgramGraph.of(program);
 * StateDict weights = StateDict.read(Path.of("model.pth"));
 * weights.save(Path.of("model.safetensors"));
 * }</pre>
 *
 * <p>{@link io.github.convlens.program.CallLayer} and {@link
 * io.github.convlens.program.Pt2Description} are public for {@code engine} and {@code page} alone.
 *
 * @since 0.1.0
 */
@NullMarked
package io.github.convlens.program;

import org.jspecify.annotations.NullMarked;
