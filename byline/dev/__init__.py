"""The dev server's extras: none of them exists in production or in the frozen site."""
