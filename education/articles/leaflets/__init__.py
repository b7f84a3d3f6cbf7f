"""A leaflet from elsewhere becomes a draft: read apart from the site, sorted, kept whole.

`reader` is the program that reads a hostile file; `reading` runs it. `sorting` finds the parts of
an article, `drafts` keeps them, and what has no place is kept beside.
"""
