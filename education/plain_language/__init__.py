"""Writing help: the reading grade of a text, and what in it could be plainer.

Texts are read as Markdown source, so that every finding has its offsets there. The rules and word
lists are for English; nothing is stored or sent. `report.analyze` is the entry point; public pages
need only `phrase_matcher`.
"""
