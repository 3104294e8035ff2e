"""The lower half of a file: it takes a body as text and gives sanitised HTML with open marks, headings, a summary,
minutes and addresses with their places. It never looks at another file, so the same body always gives the same
result.
"""
