package io.github.convlens.code;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.nn.Block;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Generated classes, compiled with every warning an error. */
public final class Compiled implements AutoCloseable {
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** One for all, so that each jar of the class path is listed once. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, null);

  private final URLClassLoader classes;

  private Compiled(URLClassLoader classes) {
    this.classes = classes;
  }

  /** Compiles sources, by the names of their classes, into a folder. */
  public static Compiled of(Map<String, String> sources, Path folder) throws IOException {
    String surefire = System.getProperty("surefire.test.class.path");
    String classPath = surefire != null ? surefire : System.getProperty("java.class.path");
    List<String> options =
        List.of("-d", folder.toString(), "-cp", classPath, "-proc:none", "-Xlint:all", "-Werror");
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    StringWriter messages = new StringWriter();
    boolean compiled = COMPILER.getTask(messages, FILES, null, options, null, files).call();
    assertTrue(compiled, messages.toString());
    return new Compiled(
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, Compiled.class.getClassLoader()));
  }

  /** The network of a class. */
  public Block build(String name) throws ReflectiveOperationException {
    return (Block) classes.loadClass(name).getMethod("build").invoke(null);
  }

  @Override
  public void close() throws IOException {
    classes.close();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    private Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
