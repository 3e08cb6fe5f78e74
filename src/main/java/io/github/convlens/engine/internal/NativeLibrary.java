package io.github.convlens.engine.internal;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import io.github.convlens.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the native PyTorch library comes from, known without loading it: a jar on the class path
 * that is unpacked into DJL's cache, a folder named by {@code PYTORCH_LIBRARY_PATH}, or neither.
 *
 * <p>Nothing is loaded from a cache that another user can change. In one that is this user's alone,
 * files are held against the jar by length at each start, and by checksum when they are unpacked,
 * when one of them is another than at the last such check, and when {@code convlens doctor} asks.
 */
public final class NativeLibrary {
  private static final String ENGINE = "pytorch";
  private static final String JNI = System.mapLibraryName("djl_torch");

  /** Folders of the cache: version, flavor, platform. */
  private static final Pattern FOLDER =
      Pattern.compile("(\\d+\\.\\d+\\.\\d+).*-(cpu|cu\\d+)-((?:linux|osx|win)-\\w+)");

  /** In the file version.py of a Python's torch. */
  private static final Pattern PYTHON_VERSION =
      Pattern.compile("^__version__ = '([^']+)'", Pattern.MULTILINE);

  /** What the files of a folder were like when their checksums were right. */
  private static final String CHECKED = "convlens.checked";

  static {
    DjlSettings.apply();
  }

  private NativeLibrary() {}

  /** The folder into which native libraries of PyTorch are unpacked or downloaded. */
  public static Path cacheFolder() {
    return Utils.getEngineCacheDir(ENGINE).toAbsolutePath();
  }

  /**
   * What the cache folder holds.
   *
   * @param bytes of all files that can be seen; 0 where the folder does not exist
   * @param unreadable folders that cannot be looked into
   * @param leftOvers folders of unpackings that were interrupted, or are under way
   */
  public record CacheContent(long bytes, List<Path> unreadable, List<Path> leftOvers) {
    /** Takes copies of the lists. */
    public CacheContent {
      unreadable = List.copyOf(unreadable);
      leftOvers = List.copyOf(leftOvers);
    }
  }

  /** Looks through the cache folder. */
  public static CacheContent cacheContent() {
    Path cache = cacheFolder();
    CacheVisitor visitor = new CacheVisitor();
    if (Files.isDirectory(cache)) {
      try {
        Files.walkFileTree(cache, visitor);
      } catch (IOException e) {
        visitor.unreadable.add(cache);
      }
    }
    return new CacheContent(visitor.bytes, visitor.unreadable, Unpacking.leftOvers(cache));
  }

  /** Adds up what it can see. */
  private static final class CacheVisitor extends SimpleFileVisitor<Path> {
    private long bytes;
    private final List<Path> unreadable = new ArrayList<>();

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.isRegularFile() ? attributes.size() : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      unreadable.add(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }

  /** The folder named by the environment or a system property, if one is named. */
  public static Optional<String> overridePath() {
    return Optional.ofNullable(Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH"));
  }

  /**
   * Version, flavor and platform of the native jar on the class path that DJL would take: {@code
   * 2.7.1-20250812-cpu-linux-x86_64}.
   */
  public static Optional<String> bundled() {
    return jar().map(NativeLibrary::folderName);
  }

  /**
   * The JNI library in the folder that the user has named; DJL prefers it to those of jars. Whoever
   * builds one for another version of PyTorch puts it there.
   */
  public static Optional<Path> ownJni() {
    return overridePath().stream()
        .flatMap(path -> Stream.of(jniName(), JNI).map(name -> Path.of(path, name)))
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * The version of PyTorch that runs. DJL believes that a folder of the user's is of the version
   * that it was made for; one of a Python says itself what it is, in the file beside it.
   *
   * @param believed what DJL says
   */
  public static String version(String believed) {
    Optional<Path> beside =
        overridePath().map(folder -> Path.of(folder).resolveSibling("version.py"));
    if (beside.isEmpty() || !Files.isReadable(beside.get())) {
      return believed;
    }
    try {
      Matcher version = PYTHON_VERSION.matcher(Files.readString(beside.get()));
      return version.find() ? version.group(1) : believed;
    } catch (IOException e) {
      return believed;
    }
  }

  /** The version of the JNI jar on the class path: {@code 2.7.1-0.36.0}. */
  public static Optional<String> jniVersion() {
    return property("jnilib/pytorch.properties", "jni_version");
  }

  /** Whether the jar must be unpacked before its first use, which takes a while. */
  public static boolean needsUnpacking() {
    return unpacked()
        .map(jar -> !Files.exists(folder(jar).resolve(System.mapLibraryName("torch"))))
        .orElse(false);
  }

  /**
   * Native files that are there and not what the jars say, by length or checksum: cut off by a full
   * disk, or changed. DJL would load them, and the process might die of it. Reads every one of them
   * to its end.
   */
  public static List<Path> damagedFiles() {
    return files().stream()
        .filter(file -> Files.exists(file.target()))
        .filter(file -> !file.hasLength() || !file.hasContent())
        .map(NativeFile::target)
        .toList();
  }

  /** How many native files {@link #damagedFiles} looks at. */
  public static long filesToCheck() {
    return files().stream().filter(file -> Files.exists(file.target())).count();
  }

  /**
   * Unpacks what has to be unpacked, and checks what is there.
   *
   * @param progress receives a line when something takes long
   * @throws EngineException if another user can change the files, or they are damaged
   * @throws IOException if they cannot be unpacked
   */
  public static void prepare(Consumer<String> progress) throws IOException {
    Path cache = cacheFolder();
    requireOwn(cache);
    for (Path folder : Unpacking.removeLeftOvers(cache)) {
      progress.accept("removed " + folder + ", which an interrupted unpacking left");
    }
    Optional<Platform> jar = unpacked();
    if (jar.isPresent()) {
      unpack(jar.get(), progress);
    }
    for (NativeFile file : files()) {
      requireOwn(file.target());
    }
    requireWhole(jar);
  }

  private static void unpack(Platform jar, Consumer<String> progress) throws IOException {
    Path cache = cacheFolder();
    List<NativeFile> files = files();
    if (needsUnpacking()) {
      progress.accept(
          "unpacking the native PyTorch library into " + cache + " (about 450 MB, once) ...");
      Unpacking.whole(cache, folder(jar), files);
      remember(folder(jar), files);
    }
    for (NativeFile file : files) {
      if (file.target().endsWith(jniName()) && !Files.exists(file.target())) {
        Unpacking.single(cache, file);
      }
    }
  }

  private static void requireOwn(Path path) {
    Optional<String> objection = Ownership.objection(path);
    if (objection.isPresent()) {
      throw new EngineException(
          ("native code is not loaded from where another user can put it: " + path + ".\n")
              + (objection.get() + "\n")
              + "Set DJL_CACHE_DIR to a folder that only you can write to, in one of your own; or,"
              + " if you trust what is there, make it yours (chown) and take others' right to write"
              + " (chmod go-w).");
    }
  }

  private static void requireWhole(Optional<Platform> jar) {
    List<NativeFile> files = files();
    List<Path> damaged =
        files.stream().filter(file -> !file.hasLength()).map(NativeFile::target).toList();
    if (!damaged.isEmpty()) {
      throw damaged("are not as long as they are in the jar", damaged);
    }
    if (jar.isEmpty() || !Files.isWritable(folder(jar.get())) || isRemembered(jar.get(), files)) {
      return;
    }
    List<Path> changed = damagedFiles();
    if (!changed.isEmpty()) {
      throw damaged("are not those of the jar", changed);
    }
    remember(folder(jar.get()), files);
  }

  private static EngineException damaged(String how, List<Path> files) {
    return new EngineException(
        "the unpacked PyTorch library is damaged.\n"
            + ("These files " + how + ": " + files + ".\n")
            + ("Delete the folder " + files.get(0).getParent() + " and run this again."));
  }

  private static boolean isRemembered(Platform jar, List<NativeFile> files) {
    try {
      return Files.readString(folder(jar).resolve(CHECKED)).equals(state(files));
    } catch (IOException e) {
      return false;
    }
  }

  private static void remember(Path folder, List<NativeFile> files) {
    try {
      Files.writeString(folder.resolve(CHECKED), state(files));
    } catch (IOException e) {
      return; // checked again at the next start
    }
  }

  /** A line for each file: name, bytes, time of its last change. */
  private static String state(List<NativeFile> files) throws IOException {
    StringBuilder state = new StringBuilder();
    for (NativeFile file : files) {
      state
          .append(file.target().getFileName())
          .append(' ')
          .append(Files.size(file.target()))
          .append(' ')
          .append(Files.getLastModifiedTime(file.target()))
          .append('\n');
    }
    return state.toString();
  }

  /** This machine's platform in the form of the native jars' classifiers: {@code linux-x86_64}. */
  public static String platform() {
    String os = System.getProperty("os.name", "?").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "?");
    String family = os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : os;
    return family + "-" + ("amd64".equals(arch) ? "x86_64" : arch);
  }

  /** The native jar on the class path that DJL would choose for this machine. */
  private static Optional<Platform> jar() {
    try {
      Platform found = Platform.detectPlatform(ENGINE);
      return found.isPlaceholder() ? Optional.empty() : Optional.of(found);
    } catch (AssertionError e) { // DJL's engine is not on the class path
      return Optional.empty();
    }
  }

  /** That jar, unless the user has named another library. */
  private static Optional<Platform> unpacked() {
    String version = Utils.getEnvOrSystemProperty("PYTORCH_VERSION", "");
    return overridePath().isPresent()
        ? Optional.empty()
        : jar().filter(found -> found.getVersion().startsWith(version));
  }

  private static String folderName(Platform jar) {
    return jar.getVersion() + "-" + jar.getFlavor() + "-" + jar.getClassifier();
  }

  private static Path folder(Platform jar) {
    return cacheFolder().resolve(folderName(jar));
  }

  private static String jniName() {
    return property("pytorch-engine.properties", "djl_version").orElse("?") + "-" + JNI;
  }

  /** The files of the jars that DJL will load. */
  private static List<NativeFile> files() {
    return unpacked().map(NativeLibrary::files).orElseGet(NativeLibrary::jniFiles);
  }

  private static List<NativeFile> files(Platform jar) {
    Path folder = folder(jar);
    String libraries = ENGINE + "/" + jar.getFlavor() + "/" + jar.getClassifier() + "/";
    return Stream.concat(
            Stream.of(jar.getLibraries())
                .flatMap(name -> file(libraries + name, folder.resolve(name))),
            jniFile(folder))
        .toList();
  }

  /** The JNI libraries in the cache, beside libraries of PyTorch that come from elsewhere. */
  private static List<NativeFile> jniFiles() {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(cacheFolder())) {
      List<NativeFile> files = new ArrayList<>();
      for (Path folder : folders) {
        jniFile(folder).filter(file -> Files.exists(file.target())).forEach(files::add);
      }
      return files;
    } catch (IOException | DirectoryIteratorException e) {
      return List.of();
    }
  }

  /** The JNI library that belongs into a folder of the cache, if the JNI jar has it. */
  private static Stream<NativeFile> jniFile(Path folder) {
    Matcher name = FOLDER.matcher(folder.getFileName().toString());
    if (!name.matches()) {
      return Stream.empty();
    }
    String version = name.group(1) + "-" + jniName().replace("-" + JNI, "");
    return jniVersion().filter(found -> found.startsWith(version)).stream()
        .flatMap(
            found ->
                file(
                    "jnilib/" + name.group(3) + "/" + name.group(2) + "/" + JNI,
                    folder.resolve(jniName())));
  }

  private static Stream<NativeFile> file(String name, Path target) {
    return resource(name).stream().map(source -> new NativeFile(source, target));
  }

  private static Optional<URL> resource(String name) {
    try {
      return Optional.ofNullable(ClassLoaderUtils.getResource(name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> property(String name, String key) {
    Optional<URL> resource = resource(name);
    if (resource.isEmpty()) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = resource.get().openStream()) {
      properties.load(in);
      return Optional.ofNullable(properties.getProperty(key));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
