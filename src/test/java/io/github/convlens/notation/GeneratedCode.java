package io.github.convlens.notation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.nn.Block;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles and loads the classes that {@link DjlCode} writes. */
public final class GeneratedCode {
  private GeneratedCode() {}

  /** The code of a class, under another name. */
  public static String named(String name, String code) {
    return code.replaceAll("\\bNetwork\\b", name);
  }

  /**
   * Compiles all classes at once, which is fast; a warning is an error.
   *
   * @param sources the text of each class by its name
   * @param folder where the compiled classes go
   */
  public static URLClassLoader compile(Map<String, String> sources, Path folder)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    String surefire = System.getProperty("surefire.test.class.path");
    String classPath = surefire != null ? surefire : System.getProperty("java.class.path");
    List<String> options =
        List.of("-d", folder.toString(), "-cp", classPath, "-proc:none", "-Xlint:all", "-Werror");
    List<JavaFileObject> files = new ArrayList<>();
    sources.forEach((name, text) -> files.add(new Source(name, text)));
    StringWriter messages = new StringWriter();
    boolean compiled = compiler.getTask(messages, null, null, options, null, files).call();
    assertTrue(compiled, messages.toString());
    assertTrue(Files.exists(folder.resolve(sources.keySet().iterator().next() + ".class")));
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, GeneratedCode.class.getClassLoader());
  }

  /** The network that a compiled class builds. */
  public static Block load(ClassLoader classes, String name) throws ReflectiveOperationException {
    return (Block) classes.loadClass(name).getMethod("build").invoke(null);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
