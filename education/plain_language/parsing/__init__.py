"""Words, sentences and blocks of a Markdown text, with their offsets."""
