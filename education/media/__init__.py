"""Pictures: taken in, made anew from their pixels alone, kept in one folder and served under a
fixed type.
"""
