"""A site in several languages."""

from tests.helpers.paper import Paper

SETTINGS = """\
title = "The Paper"
tagline = "News of the coast"
url = "https://paper.test"
posts_per_page = 2
[[navigation]]
title = "About"
url = "/about/"
[languages.de]
title = "Die Zeitung"
tagline = "Nachrichten von der Küste"
[[languages.de.navigation]]
title = "Über uns"
url = "/de/about/"
[languages.ar]
title = "الصحيفة"
"""


def translated_paper(paper: Paper) -> Paper:
    """English stories, some of them in German and Arabic too."""
    paper.settings(SETTINGS)
    paper.write("pages/about.md", "---\ntitle: About\n---\nWho we are.")
    paper.write("pages/about.de.md", "---\ntitle: Über uns\n---\nWer wir sind, siehe [die Fähre](posts/ferry.de.md).")
    paper.write("pages/authors/sea-desk.md", "---\nname: Sea Desk\nbio: Writes of ships.\n---\nLong biography.")
    paper.write("pages/authors/sea-desk.de.md", "---\nname: Sea Desk\nbio: Schreibt über Schiffe.\n---\nLang.")
    paper.post("ferry", "The ferry sails.", tags="[sea]", authors="sea-desk", category="World", date="2025-05-31")
    paper.post(
        "ferry.de",
        "Die Fähre fährt.",
        title="Die Fähre",
        tags="[sea, Häfen]",
        authors="sea-desk",
        category="Welt",
        date="2025-06-01",
    )
    paper.post("ferry.ar", "العبارة تبحر.", title="العبارة", tags="[بحر]", authors="sea-desk", date="2025-05-31")
    paper.post("bridge", "The bridge stands.", slug="old-bridge", tags="[sea]", series="{name: Roads, part: 1}")
    paper.post("de/bridge", "Die Brücke steht.", title="Die Brücke", date="2025-05-02")
    paper.post("only-english", "Nothing more.", date="2025-04-01")
    paper.post("wahl", "Gewählt.", title="Die Wahl", lang="de", translation_of="only-english", date="2025-04-02")
    paper.post("nur-deutsch", "Mehr nicht.", title="Nur deutsch", lang="de", date="2025-04-03")
    paper.post("swedish", "Färjan.", lang="sv", date="2025-03-01")
    paper.post("secret.de", "Geheim.", title="Geheim", draft="true")
    return paper
