"""Marks words that pages show. They are said in English here and translated where they are shown."""


def marked(words: str) -> str:
    """The words as they are: the mark is for those who translate, whose list is made of what is marked."""
    return words
