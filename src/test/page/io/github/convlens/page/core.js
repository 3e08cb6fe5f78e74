// Stands in for the compiled core where no browser looks at the page.
