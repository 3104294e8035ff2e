"""Rich Content, in which Wix keeps texts: nodes with decorations. It takes a document as JSON, and gives HTML."""
