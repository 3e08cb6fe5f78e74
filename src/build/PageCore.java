import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.teavm.backend.javascript.JSModuleType;
import org.teavm.tooling.ConsoleTeaVMToolLog;
import org.teavm.tooling.TeaVMProblemRenderer;
import org.teavm.tooling.TeaVMTargetType;
import org.teavm.tooling.TeaVMTool;
import org.teavm.tooling.TeaVMToolLog;
import org.teavm.vm.TeaVMOptimizationLevel;

/** Compiles the arithmetic of the page to JavaScript: {@code PageCore CLASSPATH FILE}. */
class PageCore {
  public static void main(String[] arguments) throws Exception {
    List<File> classPath = new ArrayList<>();
    List<URL> addresses = new ArrayList<>();
    for (String entry : arguments[0].split(File.pathSeparator)) {
      classPath.add(new File(entry));
      addresses.add(new File(entry).toURI().toURL());
    }
    File target = new File(arguments[1]);
    TeaVMToolLog log = new ConsoleTeaVMToolLog(false);
    TeaVMTool tool = new TeaVMTool();
    tool.setLog(log);
    tool.setClassPath(classPath);
    tool.setClassLoader(
        new URLClassLoader(addresses.toArray(URL[]::new), PageCore.class.getClassLoader()));
    tool.setMainClass("io.github.convlens.page.internal.Exports");
    tool.setTargetType(TeaVMTargetType.JAVASCRIPT);
    tool.setTargetDirectory(target.getParentFile());
    tool.setTargetFileName(target.getName());
    tool.setJsModuleType(JSModuleType.NONE);
    tool.setObfuscated(true);
    tool.setOptimizationLevel(TeaVMOptimizationLevel.ADVANCED);
    tool.generate();
    TeaVMProblemRenderer.describeProblems(
        tool.getDependencyInfo().getCallGraph(), tool.getProblemProvider(), log);
    if (!tool.getProblemProvider().getSevereProblems().isEmpty()) {
      System.exit(1);
    }
  }
}
