package io.github.convlens.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.lang.ref.Cleaner;

/** Native memory that lives as long as the Java object that it belongs to. */
final class Unreachable {
  private static final Cleaner CLEANER = Cleaner.create();

  private Unreachable() {}

  /** A manager on a device, for what an object is made of. */
  static NDManager newManager(Device device) {
    return NDManager.newBaseManager(device, PyTorchEngine.NAME);
  }

  /**
   * Closes a manager once an object is unreachable.
   *
   * @param manager one that does not lead to the object
   */
  static void close(Object owner, NDManager manager) {
    CLEANER.register(owner, manager::close);
  }
}
