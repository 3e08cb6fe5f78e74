package io.github.convlens.language;

/** A language that people read here. PyTorch's notation, paths and code are the same in all. */
public enum Language {
  /** English. */
  ENGLISH,
  /** Chinese, in simplified characters, with the terms of the Chinese edition of d2l. */
  CHINESE
}
