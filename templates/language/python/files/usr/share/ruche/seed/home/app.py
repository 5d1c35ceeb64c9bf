"""This is your site's first program (WSGI). Change it, or put your own in its place: `app` answers the visitors, and files below public/ are
served beside it. Touch tmp/restart.txt after a change. Packages: list them in requirements.txt."""

import os
import platform
import re
import sys
from contextlib import closing
from datetime import datetime, timezone
from html import escape

TEXTS = {
    "en": {
        "title": "{} is live",
        "intro": "This page comes from <code>app.py</code>. Change it in the panel’s editor or by SFTP, then touch <code>tmp/restart.txt</code>. Files in <code>public</code> are on the web as they are.",
        "version": "Python version",
        "time": "Time of this answer",
        "visits": "Visits, counted in the database",
        "missing": "There is nothing at this address.",
        "broken": "The database did not answer. It may still be starting: try again in a moment.",
    },
    "fr": {
        "title": "{} est en ligne",
        "intro": "Cette page vient de <code>app.py</code>. Modifiez-le dans l’éditeur du panneau ou par SFTP, puis touchez <code>tmp/restart.txt</code>. Les fichiers de <code>public</code> sont sur le web tels quels.",
        "version": "Version de Python",
        "time": "Heure de la réponse",
        "visits": "Visites, comptées dans la base de données",
        "missing": "Il n’y a rien à cette adresse.",
        "broken": "La base de données n’a pas répondu. Elle démarre peut-être encore : réessayez dans un instant.",
    },
}

TABLE = "CREATE TABLE IF NOT EXISTS visits (page INTEGER PRIMARY KEY, number BIGINT NOT NULL)"
ADD = "INSERT INTO visits (page, number) VALUES (1, 1) ON CONFLICT (page) DO UPDATE SET number = visits.number + 1 RETURNING number"
ADD_MARIADB = "INSERT INTO visits (page, number) VALUES (1, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE number = LAST_INSERT_ID(number + 1)"

# The page; @…@ are filled in.
PAGE = """<!doctype html>
<html lang="@language@">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>@title@</title>
<link rel="icon" href="data:,">
<style>
:root { --ink: #2b2417; --soft: #6f6450; --paper: #fffaf0; --card: #fff; --line: #eadfc6; --honey: #e0a100; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3ead6; --soft: #b7aa8e; --paper: #1c1811; --card: #262117; --line: #40382a; --honey: #f2b929; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif; }
main { width: min(38rem, 100%); padding: 2.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; }
svg { width: 3.5rem; fill: var(--honey); }
h1 { margin: .75rem 0 .25rem; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
p { margin: .75rem 0 0; }
code { padding: .1em .35em; border: 1px solid var(--line); border-radius: .3em; font-size: .9em; }
dl { display: grid; grid-template-columns: 1fr auto; gap: .5rem 1.5rem; margin: 1.75rem 0 0; padding-top: 1.25rem; border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
output { font-weight: 700; }
.note { color: var(--soft); }
</style>
</head>
<body>
<main>
<svg viewBox="-6 0 70 56" aria-hidden="true"><path d="M18 0h16l8 14-8 14H18l-8-14zM38 28h16l8 14-8 14H38l-8-14zM2 30h14l8 13-8 13H2l-8-13z"/></svg>
<h1>@title@</h1>
<p>@intro@</p>
@note@
<dl>
<dt>@versionName@</dt><dd>@version@</dd>
@visits@
<dt>@timeName@</dt><dd>@time@</dd>
</dl>
</main>
</body>
</html>
"""


def connect(url):
    """The site's own database, whose address and password are in the environment."""
    account = {key: os.environ.get("DATABASE_" + key.upper()) for key in ("user", "password")}
    if url.startswith("mysql:"):
        import pymysql

        return pymysql.connect(unix_socket=os.environ["DATABASE_SOCKET"], database=os.environ["DATABASE_NAME"], **account)
    if url.startswith("postgresql:"):
        import psycopg2

        return psycopg2.connect(host=os.environ["DATABASE_SOCKET"], dbname=os.environ["DATABASE_NAME"], **account)
    import sqlite3

    return sqlite3.connect(os.environ["DATABASE_FILE"], timeout=5)


def count_visit(url):
    with closing(connect(url)) as connection:
        cursor = connection.cursor()
        cursor.execute(TABLE)
        if url.startswith("mysql:"):
            cursor.execute(ADD_MARIADB)
            visits = cursor.lastrowid
        else:
            cursor.execute(ADD)
            visits = cursor.fetchone()[0]
        connection.commit()
        return visits


def preferred_language(header):
    """French for whoever likes it better than English."""
    quality = {"fr": 0.0, "en": 0.0}
    for name, value in re.findall(r"\b(fr|en)\b[^;,]*(?:;\s*q=([0-9.]+))?", header, re.I):
        quality[name.lower()] = max(quality[name.lower()], float(value or 1))
    return "fr" if quality["fr"] > quality["en"] else "en"


def app(environ, start_response):
    language = preferred_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    text = TEXTS[language]
    headers = [("Cache-Control", "no-store"), ("Vary", "Accept-Language")]
    if environ["PATH_INFO"] != "/":
        start_response("404 Not Found", headers + [("Content-Type", "text/plain; charset=utf-8")])
        return [(text["missing"] + "\n").encode()]
    url = os.environ.get("DATABASE_URL")
    visits = note = ""
    if url:
        try:
            number = count_visit(url)
            visits = f'<dt>{text["visits"]}</dt><dd><output id="visits">{number}</output></dd>'
        except Exception as error:
            print(error, file=sys.stderr)
            note = f'<p class="note" role="alert">{text["broken"]}</p>'
    parts = {
        "language": language,
        "title": escape(text["title"].format(os.environ.get("SITE_NAME", "site"))),
        "intro": text["intro"],
        "note": note,
        "versionName": text["version"],
        "version": platform.python_version(),
        "visits": visits,
        "timeName": text["time"],
        "time": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC"),
    }
    body = re.sub("@([a-zA-Z]+)@", lambda match: parts[match[1]], PAGE).encode()
    status = "503 Service Unavailable" if note else "200 OK"
    start_response(status, headers + [("Content-Type", "text/html; charset=utf-8")])
    return [body]
