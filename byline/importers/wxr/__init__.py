"""WXR, the RSS in which WordPress and Squarespace export: it takes their XML, blocks and shortcodes, and gives items
with plain HTML. It never publishes what was not."""
