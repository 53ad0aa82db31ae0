"""The one error of expressions."""


class ExpressionError(ValueError):
    """An expression does not compile, fails on its values, or costs too much; the text says which."""
