"""Help with plain language: the reading grade of a text, and what in it could be plainer.

Everything here reads Markdown as it was typed and says where in it something stands, so that an
editor can point there. It works by rules and lists for English, on one text at a time, and keeps
and sends nothing. `analyze` is the public function; pages for readers need `phrase_matcher` alone.
"""
