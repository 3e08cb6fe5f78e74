/**
 * The arithmetic of the page for the browser, which TeaVM compiles to JavaScript, and the texts
 * through which its script asks. Not for users: it may change with any version.
 */
@NullMarked
package io.github.convlens.page.internal;

import org.jspecify.annotations.NullMarked;
