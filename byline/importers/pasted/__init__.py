"""Pages as a browser copies them: it takes lines of text, and tells headline, names, days and sections by shape."""
