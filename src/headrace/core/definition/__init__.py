"""Definitions: the document, its checks, its schema, and the parameters of runs."""
