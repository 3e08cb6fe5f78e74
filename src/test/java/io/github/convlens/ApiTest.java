package io.github.convlens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.convlens.layer.LayerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users of the library may rely on: the public types outside of packages named {@code
 * internal}. They stand in {@code api.txt}, so that a new one is a decision. Run with {@code
 * -Dconvlens.api=write} to write what is public now; then read the difference.
 */
class ApiTest {
  private static final Path LIST = Path.of("src/test/resources/io/github/convlens/api.txt");
  private static final boolean WRITE = "write".equals(System.getProperty("convlens.api"));
  private static final List<JavaClass> PROMISED =
      new ClassFileImporter()
          .importUrl(LayerSpec.class.getProtectionDomain().getCodeSource().getLocation()).stream()
              .filter(ApiTest::isPromised)
              .toList();

  /** The types whose names and members are kept from version to version. */
  private static boolean isPromised(JavaClass type) {
    return type.getEnclosingClass().map(ApiTest::isPromised).orElse(!isInternal(type))
        && isSeen(type.getModifiers());
  }

  private static boolean isInternal(JavaClass type) {
    return List.of(type.getPackageName().split("\\.")).contains("internal");
  }

  private static boolean isSeen(Set<JavaModifier> modifiers) {
    return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
  }

  @Test
  void publicTypesAreListed() throws IOException {
    String found =
        PROMISED.stream()
            .filter(type -> type.getEnclosingClass().isEmpty())
            .map(JavaClass::getName)
            .sorted()
            .collect(Collectors.joining("\n", "", "\n"));
    if (WRITE) {
      Files.writeString(LIST, found);
    }
    assertEquals(Files.readString(LIST), found);
  }

  @Test
  void signaturesNameWhatUsersCanName() {
    assertEquals("", PROMISED.stream().flatMap(ApiTest::faults).collect(Collectors.joining("\n")));
  }

  /** What a type lets see, and nobody may use: {@code Layers.of: Tables is not public}. */
  private static Stream<String> faults(JavaClass type) {
    List<String> faults = new ArrayList<>();
    Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
        .flatMap(above -> above.getAllInvolvedRawTypes().stream())
        .flatMap(above -> fault(above).stream())
        .forEach(why -> faults.add(type.getName() + why));
    type.getMembers().stream()
        .filter(member -> isSeen(member.getModifiers()))
        .filter(member -> !member.getModifiers().contains(JavaModifier.SYNTHETIC))
        .forEach(
            member ->
                named(member)
                    .flatMap(name -> fault(name).stream())
                    .forEach(why -> faults.add(type.getName() + "." + member.getName() + why)));
    return faults.stream();
  }

  private static Stream<JavaClass> named(JavaMember member) {
    Stream<JavaClass> thrown =
        member instanceof JavaCodeUnit code
            ? code.getExceptionTypes().stream().map(JavaType::toErasure)
            : Stream.empty();
    return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
  }

  private static Optional<String> fault(JavaClass named) {
    JavaClass type = named.getBaseComponentType();
    if (!type.getPackageName().startsWith("io.github.convlens") || isPromised(type)) {
      return Optional.empty();
    }
    return Optional.of(
        ": " + type.getName() + (isInternal(type) ? " is internal" : " is not public"));
  }
}
