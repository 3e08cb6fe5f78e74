package io.github.convlens.program;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.Unpickler;

/**
 * What {@code torch.save} writes, an archive with {@code data.pkl}: a dictionary of arrays. Nothing
 * is built from it but arrays and containers; a pickle that wants anything else is refused by that
 * name.
 */
final class TorchPickle {
  private static final String PICKLE = "data.pkl";

  private final String file;
  private final Optional<String> container;
  private final String root;

  private TorchPickle(String file, Optional<String> container, String root) {
    this.file = file;
    this.container = container;
    this.root = root;
  }

  /** The type of a storage, {@code torch.FloatStorage}, or of elements, {@code torch.uint16}. */
  private record TypeName(ScalarType elements) implements IObjectConstructor {
    @Override
    public Object construct(Object[] arguments) {
      throw new PickleException("a type is no array");
    }
  }

  /** A storage with numbers in it. */
  private record Data(String record, ScalarType elements) {}

  /**
   * The arrays of a state dict, by their names.
   *
   * @param file what messages call it
   * @param container the record that the archive is; empty where it is the file
   */
  static Map<String, Weights.Stored> read(
      String file, ZipArchive archive, Optional<String> container) throws IOException {
    String root = root(file, archive);
    return new TorchPickle(file, container, root)
        .arrays(archive.read(Pt2File.entry(archive, root + PICKLE)));
  }

  /** The archive's only folder, with its slash. */
  static String root(String file, ZipArchive archive) {
    return archive.entries().keySet().stream()
        .filter(name -> name.endsWith("/" + PICKLE))
        .map(name -> name.substring(0, name.length() - PICKLE.length()))
        .filter(root -> root.indexOf('/') == root.length() - 1)
        .findFirst()
        .orElseThrow(
            () -> new ProgramException(file + " has no data.pkl, so torch.save did not write it."));
  }

  private Map<String, Weights.Stored> arrays(ByteBuffer pickle) throws IOException {
    byte[] bytes = new byte[pickle.remaining()];
    pickle.get(bytes);
    Object all;
    try {
      all = new Reader().load(new ByteArrayInputStream(bytes));
    } catch (PickleException | ClassCastException | IndexOutOfBoundsException e) {
      throw new ProgramException(file + ": its data.pkl is damaged.\nSave it again.", e);
    }
    if (!(all instanceof Map<?, ?> map)) {
      throw new ProgramException(
          file
              + " holds no dictionary of arrays but "
              + (all instanceof Weights.Stored ? "one array" : "another object")
              + ".\nSave model.state_dict().");
    }
    Map<String, Weights.Stored> arrays = new LinkedHashMap<>();
    map.forEach(
        (name, array) -> {
          if (!(array instanceof Weights.Stored stored)) {
            throw new ProgramException(
                file + ": its entry '" + name + "' is no array.\n" + remedy(map));
          }
          arrays.put(String.valueOf(name), stored);
        });
    return arrays;
  }

  /** A checkpoint has the state dict as one of its entries. */
  private static String remedy(Map<?, ?> checkpoint) {
    return checkpoint.entrySet().stream()
        .filter(each -> each.getValue() instanceof Map<?, ?> inner && hasArrays(inner))
        .map(
            each ->
                "Save what is in it alone: torch.save(torch.load(\"checkpoint.pth\")[\""
                    + each.getKey()
                    + "\"], \"model.pth\").")
        .findFirst()
        .orElse("Save model.state_dict().");
  }

  private static boolean hasArrays(Map<?, ?> map) {
    return map.values().stream().anyMatch(Weights.Stored.class::isInstance);
  }

  /** Reads the pickle, and builds only what is listed here. */
  private final class Reader extends Unpickler {
    @Override
    protected Object dispatch(short key) throws PickleException, IOException {
      checkClaim(key);
      switch (key) {
        case Opcodes.GLOBAL -> {
          String module = line();
          stack.add(constructor(module, line()));
          return NO_RETURN_VALUE;
        }
        case Opcodes.STACK_GLOBAL -> {
          String name = String.valueOf(stack.pop());
          stack.add(constructor(String.valueOf(stack.pop()), name));
          return NO_RETURN_VALUE;
        }
        case Opcodes.BUILD -> {
          stack.pop(); // the attributes of a dictionary: versions of modules
          return NO_RETURN_VALUE;
        }
        case Opcodes.EMPTY_DICT -> {
          stack.add(new LinkedHashMap<Object, Object>());
          return NO_RETURN_VALUE;
        }
        case Opcodes.SETITEMS -> {
          putAll(stack.pop_all_since_marker());
          return NO_RETURN_VALUE;
        }
        case Opcodes.INST, Opcodes.OBJ, Opcodes.EXT1, Opcodes.EXT2, Opcodes.EXT4 ->
            throw refused("an object built in a way that torch.save does not use");
        default -> {
          return super.dispatch(key);
        }
      }
    }

    /** In their order, which the library would lose. */
    @SuppressWarnings("unchecked")
    private void putAll(List<Object> namesAndValues) {
      Map<Object, Object> map = (Map<Object, Object>) stack.peek();
      for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
        map.put(namesAndValues.get(i), namesAndValues.get(i + 1));
      }
    }

    /** A text that claims to be longer than the file would be made room for. */
    private void checkClaim(short key) throws IOException {
      int width =
          switch (key) {
            case Opcodes.BINSTRING, Opcodes.BINUNICODE, Opcodes.BINBYTES, Opcodes.LONG4 -> 4;
            case Opcodes.BINUNICODE8, Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> 8;
            default -> 0;
          };
      if (width == 0) {
        return;
      }
      input.mark(width);
      long claim = 0;
      for (int i = 0; i < width; i++) {
        claim |= (long) input.read() << (8 * i);
      }
      input.reset();
      if (claim < 0 || claim > input.available()) {
        throw new PickleException("a text of " + claim + " bytes");
      }
    }

    private String line() throws IOException {
      StringBuilder text = new StringBuilder();
      for (int c = input.read(); c != '\n'; c = input.read()) {
        if (c < 0) {
          throw new PickleException("a name is cut off");
        }
        text.append((char) c);
      }
      return text.toString();
    }

    /** {@code ('storage', torch.FloatStorage, '0', 'cpu', 1728)}. */
    @Override
    protected Object persistentLoad(Object id) {
      if (id instanceof Object[] parts
          && parts.length == 5
          && "storage".equals(parts[0])
          && parts[1] instanceof TypeName type) {
        return new Data(root + "data/" + parts[2], type.elements());
      }
      throw refused("a reference that is no array's");
    }
  }

  private IObjectConstructor constructor(String module, String name) {
    String full = module + "." + name;
    return switch (full) {
      case "collections.OrderedDict" -> arguments -> new LinkedHashMap<Object, Object>();
      case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3" -> this::array;
      case "torch._utils._rebuild_parameter", "torch.Size" -> arguments -> arguments[0];
      default ->
          type(module, name)
              .<IObjectConstructor>map(TypeName::new)
              .orElseThrow(() -> PickledObjects.refused(file, module, name));
    };
  }

  private static Optional<ScalarType> type(String module, String name) {
    if (!module.equals("torch")) {
      return module.equals("torch.storage") && name.equals("UntypedStorage")
          ? Optional.of(ScalarType.UINT8)
          : Optional.empty();
    }
    return switch (name) {
      case "FloatStorage" -> Optional.of(ScalarType.FLOAT32);
      case "DoubleStorage" -> Optional.of(ScalarType.FLOAT64);
      case "HalfStorage" -> Optional.of(ScalarType.FLOAT16);
      case "BFloat16Storage" -> Optional.of(ScalarType.BFLOAT16);
      case "LongStorage" -> Optional.of(ScalarType.INT64);
      case "IntStorage" -> Optional.of(ScalarType.INT32);
      case "ShortStorage" -> Optional.of(ScalarType.INT16);
      case "CharStorage" -> Optional.of(ScalarType.INT8);
      case "ByteStorage" -> Optional.of(ScalarType.UINT8);
      case "BoolStorage" -> Optional.of(ScalarType.BOOL);
      case "ComplexFloatStorage" -> Optional.of(ScalarType.COMPLEX64);
      case "ComplexDoubleStorage" -> Optional.of(ScalarType.COMPLEX128);
      default -> ScalarType.ofTorch(name);
    };
  }

  /** {@code (storage, offset, sizes, strides, requires_grad, hooks, ...)}; the type may follow. */
  private Object array(Object[] arguments) {
    if (arguments.length < 4
        || !(arguments[0] instanceof Data data)
        || !(arguments[1] instanceof Number offset)
        || !(arguments[2] instanceof Object[] sizes)
        || !(arguments[3] instanceof Object[] strides)
        || sizes.length != strides.length) {
      throw new PickleException("an array without storage and sizes");
    }
    ScalarType elements =
        arguments.length > 6 && arguments[6] instanceof TypeName type
            ? type.elements()
            : data.elements();
    checkPlain(arguments);
    return new Weights.Stored(
        container,
        data.record(),
        new TensorType(elements, numbers(sizes).stream().map(Dim::of).toList()),
        numbers(strides),
        offset.longValue());
  }

  /** Behind the hooks stands what is still to be done to the numbers: {@code {'neg': True}}. */
  private void checkPlain(Object[] arguments) {
    for (int i = 6; i < arguments.length; i++) {
      if (arguments[i] instanceof Map<?, ?> marks && marks.containsValue(true)) {
        throw new ProgramException(
            file
                + " has an array that is a view of others, still to be conjugated or negated ("
                + String.join(", ", marks.keySet().stream().map(String::valueOf).toList())
                + "), which is not read.\nSave its own numbers:"
                + " array.resolve_conj().resolve_neg().");
      }
    }
  }

  private static List<Long> numbers(Object[] values) {
    List<Long> numbers = new ArrayList<>(values.length);
    for (Object value : values) {
      if (!(value instanceof Number number) || number.longValue() < 0) {
        throw new PickleException("a size that is no number");
      }
      numbers.add(number.longValue());
    }
    return numbers;
  }

  private ProgramException refused(String what) {
    return PickledObjects.distrusted(file, what);
  }
}
