"""One sitting over a workspace folder or a path: files and their unsaved texts, projects, analyses.

This is the composition root: the shells (the language server, the command line) talk to this and to nothing below
that reads a file.
"""
