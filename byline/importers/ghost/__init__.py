"""Texts of Ghost in each of its forms: it takes Lexical, Mobiledoc or its HTML, and gives HTML that needs no styles."""
