package io.github.convlens;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The packages' arrows: data goes one way, from layers to the command line. */
@AnalyzeClasses(
    packages = "io.github.convlens",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.github.convlens.";
  private static final String SHAPES = "ai.djl.ndarray.types..";

  @ArchTest
  static final ArchRule LAYER_USES_SHAPES_AND_NOTHING_ELSE =
      classes()
          .that()
          .resideInAPackage(ROOT + "layer..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(ROOT + "layer..", "java..", "org.jspecify..", SHAPES);

  @ArchTest static final ArchRule FILE_USES_NOTHING = uses("file");

  @ArchTest static final ArchRule GRAPH_USES_LAYER = uses("graph", "layer");

  @ArchTest static final ArchRule NOTATION_USES_GRAPH = uses("notation", "layer", "graph");

  @ArchTest static final ArchRule PROGRAM_USES_GRAPH = uses("program", "layer", "graph", "file");

  @ArchTest static final ArchRule TRACE_USES_GRAPH = uses("trace", "layer", "graph");

  @ArchTest static final ArchRule PLAN_USES_TRACE = uses("plan", "layer", "graph", "trace");

  @ArchTest static final ArchRule CODE_USES_GRAPH = uses("code", "layer", "graph");

  @ArchTest
  static final ArchRule FIGURE_USES_PLAN =
      uses("figure", "layer", "graph", "trace", "plan", "language");

  @ArchTest static final ArchRule LANGUAGE_USES_NOTHING = uses("language");

  @ArchTest static final ArchRule NOTEBOOK_USES_FIGURE = uses("notebook", "figure");

  @ArchTest
  static final ArchRule PAGE_USES_WHAT_NEEDS_NO_ENGINE =
      uses("page", "notation", "layer", "graph", "trace", "code", "plan", "program");

  @ArchTest
  static final ArchRule ENGINE_USES_NOTATION =
      uses("engine", "layer", "graph", "notation", "program", "trace", "file");

  @ArchTest
  static final ArchRule LESSON_USES_ALL_BUT_THE_COMMAND_LINE =
      uses(
          "lesson",
          "notation",
          "program",
          "layer",
          "graph",
          "trace",
          "plan",
          "figure",
          "engine",
          "file",
          "language");

  @ArchTest
  static final ArchRule NOTHING_USES_THE_COMMAND_LINE =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + "cli..");

  @ArchTest
  static final ArchRule ONLY_ENGINE_AND_WHAT_IS_ABOVE_USE_DJL_BEYOND_SHAPES =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "graph..",
              ROOT + "notation..",
              ROOT + "program..",
              ROOT + "trace..",
              ROOT + "code..",
              ROOT + "plan..",
              ROOT + "figure..",
              ROOT + "page..")
          .should()
          .dependOnClassesThat(resideInAPackage("ai.djl..").and(not(resideInAPackage(SHAPES))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching(ROOT + "(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace")
          .because("streams belong to the command line");

  @ArchTest
  static final ArchRule CLASSES_ARE_NAMED_FOR_WHAT_THEY_ARE =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Manager");

  /** A package of ours may use the named ones and itself; others' libraries are not its matter. */
  private static ArchRule uses(String name, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[others.length] = ROOT + name + "..";
    for (int i = 0; i < others.length; i++) {
      allowed[i] = ROOT + others[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.github.convlens..").and(not(resideInAnyPackage(allowed))))
        .allowEmptyShould(true);
  }
}
