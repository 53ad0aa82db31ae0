"""The words of the glossary for kinds of things: workflow, run, secret."""

from headrace.core.messages import CATALOGUE, Language, text


def noun(word: str, language: Language) -> str:
    """The word in the reader's language; one that the glossary does not have as it is."""
    code = f"noun_{word.replace(' ', '_')}"
    return text(code, {}, language) if code in CATALOGUE else word
