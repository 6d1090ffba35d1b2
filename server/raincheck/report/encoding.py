"""What a report may be written in."""


def utf8(text: str) -> str:
    """The text without lone surrogates, which stand for file names that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
