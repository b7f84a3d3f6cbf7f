"""Where the words, sentences and blocks of a Markdown text are."""
