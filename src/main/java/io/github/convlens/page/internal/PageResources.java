package io.github.convlens.page.internal;

import io.github.convlens.notation.Recipes;
import org.teavm.classlib.ResourceSupplier;
import org.teavm.classlib.ResourceSupplierContext;

/** The files that the page's arithmetic reads: TeaVM puts them into the script. */
@SuppressWarnings("deprecation") // what replaces it is not in TeaVM's API for compiling yet
public final class PageResources implements ResourceSupplier {
  @Override
  public String[] supplyResources(ResourceSupplierContext context) {
    return Recipes.resources();
  }
}
