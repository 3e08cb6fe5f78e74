package io.github.convlens.figure;

/** Java finds no font on this machine, so that texts can be neither measured nor drawn. */
public final class NoFontsException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NoFontsException(Throwable cause) {
    super(
        "Java finds no fonts on this machine, and a figure has labels.\n"
            + "Install fontconfig and a font, such as Debian's packages fontconfig and"
            + " fonts-dejavu-core.",
        cause);
  }
}
