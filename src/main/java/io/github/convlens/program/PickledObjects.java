package io.github.convlens.program;

import java.util.Set;

/** What a pickle wants that is not built, and what to do: ordinary models, and attacks. */
final class PickledObjects {
  /** Modules of Python's through which a pickle would run commands, or anything else. */
  private static final Set<String> DANGEROUS =
      Set.of(
          "os",
          "posix",
          "nt",
          "posixpath",
          "ntpath",
          "sys",
          "subprocess",
          "_posixsubprocess",
          "shutil",
          "pty",
          "platform",
          "socket",
          "asyncio",
          "multiprocessing",
          "threading",
          "_thread",
          "signal",
          "ctypes",
          "_ctypes",
          "importlib",
          "_frozen_importlib",
          "imp",
          "pkgutil",
          "runpy",
          "code",
          "codeop",
          "bdb",
          "pdb",
          "timeit",
          "profile",
          "cProfile",
          "trace",
          "types",
          "operator",
          "_operator",
          "functools",
          "_functools",
          "inspect",
          "io",
          "_io",
          "pathlib",
          "tempfile",
          "linecache",
          "fileinput",
          "pickle",
          "_pickle",
          "marshal",
          "shelve",
          "dill",
          "cloudpickle",
          "joblib",
          "webbrowser",
          "urllib",
          "http",
          "ftplib",
          "smtplib",
          "requests",
          "pip",
          "ensurepip",
          "venv",
          "distutils",
          "setuptools",
          "commands",
          "popen2");

  /** Of Python's own, what can do no harm. */
  private static final Set<String> HARMLESS =
      Set.of(
          "set",
          "frozenset",
          "list",
          "dict",
          "tuple",
          "int",
          "float",
          "complex",
          "bool",
          "str",
          "bytes",
          "bytearray",
          "slice",
          "range",
          "object");

  private static final String NEITHER =
      ", which is neither an array nor a container; it was not built.\n";

  private PickledObjects() {}

  /** Why a pickle was not read that wants a function or class of this module. */
  static ProgramException refused(String file, String module, String name) {
    String full = "'" + module + "." + name + "'";
    if (isDangerous(module, name)) {
      return distrusted(file, full);
    }
    return new ProgramException(
        file + " holds a pickle that wants " + full + NEITHER + remedy(module, name));
  }

  /** The same for what no model has. */
  static ProgramException distrusted(String file, String what) {
    return new ProgramException(
        file
            + " holds a pickle that wants "
            + what
            + NEITHER
            + "Do not load it in Python either unless you trust whoever made it.");
  }

  private static boolean isDangerous(String module, String name) {
    int dot = module.indexOf('.');
    String top = dot < 0 ? module : module.substring(0, dot);
    boolean isPython = module.equals("builtins") || module.equals("__builtin__");
    return DANGEROUS.contains(top)
        || (isPython && !HARMLESS.contains(name))
        || name.indexOf('.') >= 0
        || isOfTorch(module, name);
  }

  /** What of PyTorch's and NumPy's runs code or opens files. */
  private static boolean isOfTorch(String module, String name) {
    return module.startsWith("torch.hub")
        || module.startsWith("torch.serialization")
        || module.startsWith("torch.utils.cpp_extension")
        || module.startsWith("torch._inductor")
        || module.startsWith("torch.jit")
        || (module.equals("torch") && (name.equals("load") || name.equals("save")))
        || module.startsWith("numpy.testing")
        || module.startsWith("numpy.f2py")
        || module.startsWith("numpy.distutils");
  }

  private static String remedy(String module, String name) {
    if (module.startsWith("numpy")) {
      return "Save arrays of PyTorch: torch.as_tensor(array), a number as float(number).";
    }
    if (module.equals("torch._utils") || module.equals("torch._tensor")) {
      return switch (name) {
        case "_rebuild_sparse_tensor" -> "Save it dense: array.to_dense().";
        case "_rebuild_qtensor" -> "Save its numbers: array.dequantize().";
        default -> "Save plain arrays: array.detach().as_subclass(torch.Tensor).";
      };
    }
    return "Save the weights alone: torch.save(model.state_dict(), \"model.pth\").";
  }
}
