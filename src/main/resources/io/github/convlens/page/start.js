// The page is there: it speaks its reader's language, and shows what its address says.
write();
recall();
