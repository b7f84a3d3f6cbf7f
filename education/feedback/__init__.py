"""Was this page useful? What readers answer, for a year, without who or when."""
