package io.github.convlens.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import io.github.convlens.engine.LayerBlocks;
import io.github.convlens.engine.Pictures;
import io.github.convlens.layer.LayerSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the feature maps of one layer while a network runs: of the last one that has any. */
final class SavedMaps implements LayerBlocks.Observer {
  private final @Nullable String wanted;
  private List<BufferedImage> maps = List.of();

  /** The maps of the layer with this path; of the last picture that a layer makes if it is null. */
  SavedMaps(@Nullable String wanted) {
    this.wanted = wanted;
  }

  @Override
  public void layer(String path, LayerSpec layer, Block block, NDArray input, NDArray output) {
    boolean isPicture = output.getShape().dimension() == 4;
    if (wanted == null ? isPicture : wanted.equals(path)) {
      if (!isPicture) {
        throw new RequestException(
            "option --layer: layer "
                + path
                + " makes "
                + output.getShape()
                + ", which is no picture. Choose a layer before the Flatten.");
      }
      maps = Pictures.maps(output);
    }
  }

  /** Writes the maps and answers how many there were. */
  int write(Path folder) throws IOException {
    Pictures.write(maps, folder);
    return maps.size();
  }
}
