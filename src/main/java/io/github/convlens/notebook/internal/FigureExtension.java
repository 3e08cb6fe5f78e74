package io.github.convlens.notebook.internal;

import io.github.convlens.figure.Figure;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;

/**
 * Shows a {@link Figure} that ends a cell as a picture: PNG with two pixels for each of the
 * figure's, so that it is sharp on any screen, and its description for those who cannot see it. The
 * kernel JJava finds this class by itself where ConvLens is on its class path; other kernels print
 * {@link Figure#description}.
 *
 * @see <a href="https://github.com/dflib/jjava">JJava</a>
 */
public final class FigureExtension implements Extension {
  private static final double SCALE = 2;

  /** For the kernel. */
  public FigureExtension() {}

  @Override
  public void install(BaseKernel kernel) {
    register(kernel.getRenderer());
  }

  /** Teaches a kernel's renderer to show figures. */
  public static void register(Renderer renderer) {
    renderer
        .createRegistration(Figure.class)
        .preferring(MIMEType.IMAGE_PNG)
        .register(
            (figure, context) ->
                context.renderIfRequested(
                    MIMEType.IMAGE_PNG,
                    (type, out) -> {
                      out.putData(type, png(figure.image(SCALE)));
                      out.putText(figure.description());
                      out.putMetaData(
                          type,
                          Map.of(
                              "alt", figure.description(),
                              "width", figure.width(),
                              "height", figure.height()));
                    }));
  }

  private static String png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
