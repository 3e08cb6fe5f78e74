package io.github.convlens.cli;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are given by mistake where a text is wanted, known by their first bytes. */
enum BinaryFormat {
  /** Also {@code .pt}, {@code .pth}, {@code .pt2} and {@code .keras}. */
  ZIP("a zip archive, as torch.save and torch.export write", Remedy.MODEL, "PK(\3\4|\5\6)"),
  /** {@code torch.save} before PyTorch 1.6. */
  PICKLE("a pickle of Python's", Remedy.PRINT, "\u0080[\2-\5]"),
  /** Keras's {@code .h5}. */
  HDF5("an HDF5 file, as Keras writes", Remedy.PRINT, "\u0089HDF\r\n"),
  /** One file. */
  GZIP("a gzip archive", Remedy.UNPACK, "\u001f\u008b"),
  /** One file. */
  BZIP2("a bzip2 archive", Remedy.UNPACK, "BZh91AY&SY"),
  /** One file. */
  XZ("an xz archive", Remedy.UNPACK, "\u00fd7zXZ\0"),
  /** One file. */
  ZSTANDARD("a Zstandard archive", Remedy.UNPACK, "\\(\u00b5/\u00fd"),
  /** Several files. */
  SEVEN_ZIP("a 7-Zip archive", Remedy.UNPACK, "7z\u00bc\u00af'\u001c"),
  /** A picture. */
  PNG("a PNG picture", Remedy.PICTURE, "\u0089PNG\r\n"),
  /** A picture. */
  JPEG("a JPEG picture", Remedy.PICTURE, "\u00ff\u00d8\u00ff"),
  /** A picture. */
  GIF("a GIF picture", Remedy.PICTURE, "GIF8[79]a"),
  /** A document. */
  PDF("a PDF document", Remedy.TEXT, "%PDF-"),
  /** A program or library of Linux. */
  ELF("a program or a library (ELF)", Remedy.TEXT, "\u007fELF"),
  /** A class of Java's. */
  CLASS("a Java class", Remedy.TEXT, "\u00ca\u00fe\u00ba\u00be");

  private final String noun;
  private final Remedy remedy;
  private final String beginning;

  /** The beginning is a regular expression for the first bytes, each a letter of Latin-1. */
  BinaryFormat(String noun, Remedy remedy, String beginning) {
    this.noun = noun;
    this.remedy = remedy;
    this.beginning = beginning;
  }

  /** What to do about it. */
  enum Remedy {
    /** A model with its weights, which may be an exported program. */
    MODEL(
        "Give an exported program as a file, --net model.pt2; of another model the text of"
            + " print(model)."),
    /** A model with its weights. */
    PRINT("Print the model in Python, print(model), and give that text."),
    /** An archive. */
    UNPACK("Unpack it, and give the text in it."),
    /** A picture. */
    PICTURE("A picture is an input: convlens run --image FILE."),
    /** Anything else. */
    TEXT("Give layers in PyTorch's notation, or the text of print(model)."),
    /** Text that is encoded otherwise. */
    ENCODE("Save it as UTF-8; in PowerShell: | Out-File -Encoding utf8.");

    private final String sentence;

    Remedy(String sentence) {
      this.sentence = sentence;
    }

    /** The sentence. */
    @Override
    public String toString() {
      return sentence;
    }
  }

  /** What a file is that begins like this; empty for text in UTF-8, and what may be such. */
  static Optional<String> complaint(byte[] bytes, int length) {
    String head = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    for (BinaryFormat format : values()) {
      if (Pattern.compile(format.beginning).matcher(head).lookingAt()) {
        return Optional.of("is " + format.noun + ", not text.\n" + format.remedy);
      }
    }
    if (head.indexOf('\0') < 0) {
      return Optional.empty();
    }
    return Optional.of(
        isWide(head)
            ? "is text in UTF-16 without the mark that says so.\n" + Remedy.ENCODE
            : "is not text: it holds bytes of zero.\n" + Remedy.TEXT);
  }

  /** Latin letters in UTF-16 have a zero in every other byte, and only there. */
  private static boolean isWide(String head) {
    int[] zeros = new int[2];
    for (int i = 0; i < head.length(); i++) {
      zeros[i % 2] += head.charAt(i) == '\0' ? 1 : 0;
    }
    return Math.min(zeros[0], zeros[1]) == 0 && Math.max(zeros[0], zeros[1]) * 4 >= head.length();
  }
}
