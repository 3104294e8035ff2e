"""Signs on a copied page: what a line is by its words alone, in the languages that Byline's interface speaks."""

import re


def _lines(table: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"\s*[|\n]\s*", table) if word)


TOP, BOTTOM = "top of page", "bottom of page"
"""Wix's landmarks for readers who do not see the page."""
BULLET = re.compile(r"^[•‣◦▪·∙*–-][ \t\u00a0]+")
NUMBERED = re.compile(r"^\d{1,3}[.)][ \t\u00a0]+")
MINUTES = re.compile(
    r"(?:(?:reading time|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura"
    r"|leestijd|czas czytania|読了時間|阅读时间|閱讀時間|讀畢需時|وقت القراءة)\s*[:：]?\s*)?"
    r"(?:<\s*)?(?:\d{1,3}|less than a|under a)[ -]?"
    r"(?:min(?:ute[sn]?|uti|utos|ut[ay]?|uten)?\b(?:\(y\))?\.?|分(?:钟|鐘)?|دقائق|دقيقة)"
    r"(?:[ -]*(?:read(?:ing)?(?: time)?|lesezeit|lesedauer|(?:de )?lecture|(?:de )?lectura|(?:di )?lettura"
    r"|(?:de )?leitura|leestijd|lezen|om te lezen|czytania|阅读(?:时间)?|閱讀|で読了|で読める|(?:لل)?قراءة))?",
    re.IGNORECASE,
)
WRITERS = _lines(
    """
    writer|author|by|autor|autora|autorin|autorenbild|auteur|autrice|schrijver|autore|von|par|por|di|da|door|przez
    verfasser|redakteur|scrittore|escritor|escritora|photo du rédacteur|foto del escritor|immagine del redattore
    foto do escritor|foto van schrijver|作者|著者|執筆者|撰稿人|الكاتب|بقلم
    """
)
"""What stands before a colon and a name. Several are the text of the writer's portrait."""
PUBLISHED = _lines(
    """
    published|posted|date|veröffentlicht|datum|publié|publicado|pubblicato|gepubliceerd|opublikowano
    """
)
"""What stands before a colon and the day of the post; other words stand before that of its last change."""
BYLINE = re.compile(r"(?:by|von|par|por|di|door|written by|escrito por)\s+(?P<name>\S.{1,60})", re.IGNORECASE)
POSTED = re.compile(
    r"(?:posted|published|written|veröffentlicht)(?: on| am)? (?P<day>.+?)(?: (?:by|von) (?P<name>.+))?", re.IGNORECASE
)
BY_AND_DAY = re.compile(r"(?:by|von|par|por|di|door) (?P<name>.+?)(?:,| on| am|,? le) (?P<day>\S.*)", re.IGNORECASE)
COUNT = re.compile(
    r"\d[\d.,]*\s*(?:k\s*)?(?:comments?|views?|likes?|shares?|claps?|kommentare?|ansichten|commentaires?|vues?|comentarios?"
    r"|vistas|visualizzazioni|commenti|comentários?|visualizações|reacties|weergaven|komentarz[ey]?|wyświetle\w*|条评论|次查看)",
    re.IGNORECASE,
)
SHARES = _lines(
    """
    share|share this|share this post|share:|copy link|link copied|facebook|twitter|x
    x (twitter)|linkedin|whatsapp|pinterest|reddit|telegram|tumblr|email|e-mail|print
    tweet|like|save|follow|subscribe|more actions|teilen|link kopieren|partager
    copier le lien|compartir|copiar enlace|condividi|copia link|delen|compartilhar|copiar link
    udostępnij|drucken|imprimer|imprimir|stampa|log in|log in / sign up|sign up|search
    menu|home|all posts|skip to main content|skip to content|post not marked as liked|anmelden|suche
    alle beiträge|se connecter|tous les posts|iniciar sesión|todas las entradas
    """
)
"""Buttons around a text."""
TAILS = _lines(
    """
    recent posts|related|leave a reply|related posts|see all|comments|write a comment...|write a comment…
    leave a comment|you might also like|read more|read next|more from this author|related articles
    aktuelle beiträge|alle ansehen|kommentare|ähnliche beiträge|kommentar verfassen...
    posts récents|voir tout|commentaires|rédigez un commentaire...|posts similaires
    entradas recientes|ver todo|comentarios|escribir un comentario...|entradas relacionadas
    post recenti|mostra tutti|commenti|scrivi un commento...|recente blogposts|alles weergeven
    opmerkingen|plaats een opmerking...|posts recentes|ver tudo|comentários
    escreva um comentário...|ostatnie posty|zobacz wszystkie|komentarze|napisz komentarz...|最新記事
    すべて表示|コメント|最新文章|查看全部|评论|留言|أحدث منشورات|إظهار الكل|تعليقات
    """
)
"""Headings of what stands below a text."""
TAGS = _lines(
    """
    tags|tag|schlagwörter|schlagworte|étiquettes|mots-clés|etiquetas|tagi|タグ|标签|標籤|الوسوم
    """
)
CONSENT = _lines(
    """
    accept|accept all|accept cookies|i agree|agree|got it|ok|decline|decline all|reject
    reject all|settings|cookie settings|manage cookies|privacy policy|alle akzeptieren
    akzeptieren|ablehnen|alle ablehnen|einstellungen|tout accepter|accepter|refuser
    tout refuser|paramètres|aceptar|aceptar todo|rechazar|ajustes|accetta|accetta tutto
    rifiuta|accepteren|weigeren|aceitar|recusar|akceptuj|odrzuć
    """
)
"""Buttons below a question about cookies."""
COOKIES = re.compile(r"\bcookies?\b", re.IGNORECASE)
CREDITS = re.compile(
    r"(?:photo|picture|image|foto|bild|credit|source|quelle|fonte|fuente)s?\s*(?:by|:|von|©)", re.IGNORECASE
)


def key(line: str) -> str:
    """A line as the tables above have it."""
    return line.strip(" \t\u00a0:.!→›»").casefold()
