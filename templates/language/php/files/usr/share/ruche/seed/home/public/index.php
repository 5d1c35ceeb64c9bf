<?php
declare(strict_types=1);

// This is your site's first page. Change it, or put your own files in its place.

const TEXTS = [
    'en' => [
        'title' => '%s is live',
        'intro' => 'This page is <code>public/index.php</code>. Change it in the panel’s editor or by SFTP, or put your own files in its place: everything in <code>public</code> is on the web, everything next to it is yours alone.',
        'php' => 'PHP version',
        'time' => 'Time of this answer',
        'visits' => 'Visits, counted in the database',
        'missing' => 'There is nothing at this address.',
        'broken' => 'The database did not answer. It may still be starting: try again in a moment.',
    ],
    'fr' => [
        'title' => '%s est en ligne',
        'intro' => 'Cette page est <code>public/index.php</code>. Modifiez-la dans l’éditeur du panneau ou par SFTP, ou mettez vos propres fichiers à sa place : tout ce qui est dans <code>public</code> est sur le web, tout ce qui est à côté n’est qu’à vous.',
        'php' => 'Version de PHP',
        'time' => 'Heure de la réponse',
        'visits' => 'Visites, comptées dans la base de données',
        'missing' => 'Il n’y a rien à cette adresse.',
        'broken' => 'La base de données n’a pas répondu. Elle démarre peut-être encore : réessayez dans un instant.',
    ],
];

/** The language of the two that the visitor likes best. */
function preferredLanguage(string $header): string
{
    $best = 'en';
    $bestQuality = 0.0;
    foreach (explode(',', $header) as $part) {
        if (!preg_match('/^\s*(en|fr)\b[^;]*(?:;\s*q=([0-9.]+))?/i', $part, $match)) {
            continue;
        }
        $quality = (float) ($match[2] ?? 1);
        if ($quality > $bestQuality) {
            $best = strtolower($match[1]);
            $bestQuality = $quality;
        }
    }
    return $best;
}

/** Counts this visit in the site's own database, whose address and password are in the environment. */
function countVisit(string $url): int
{
    $socket = getenv('DATABASE_SOCKET');
    $name = getenv('DATABASE_NAME');
    $address = match (strtok($url, ':')) {
        'mysql' => "mysql:unix_socket=$socket;dbname=$name;charset=utf8mb4",
        'postgresql' => "pgsql:host=$socket;dbname=$name",
        'sqlite' => 'sqlite:' . getenv('DATABASE_FILE'),
    };
    $database = new PDO($address, getenv('DATABASE_USER') ?: null, getenv('DATABASE_PASSWORD') ?: null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    $add = 'INSERT INTO visits (page, number) VALUES (1, 1) ON CONFLICT (page) DO UPDATE SET number = visits.number + 1 RETURNING number';
    if (str_starts_with($url, 'mysql')) {
        $add = 'INSERT INTO visits (page, number) VALUES (1, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE number = LAST_INSERT_ID(number + 1)';
    }
    $database->exec('CREATE TABLE IF NOT EXISTS visits (page INTEGER PRIMARY KEY, number BIGINT NOT NULL)');
    $added = $database->query($add);
    return (int) ($added->columnCount() > 0 ? $added->fetchColumn() : $database->lastInsertId());
}

$language = preferredLanguage($_SERVER['HTTP_ACCEPT_LANGUAGE'] ?? '');
$text = TEXTS[$language];
header('Vary: Accept-Language');
header('Cache-Control: no-store');
// Addresses for which there is no file come here too: a site of one page knows only its own.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && $path !== $_SERVER['SCRIPT_NAME']) {
    http_response_code(404);
    header('Content-Type: text/plain; charset=utf-8');
    exit($text['missing'] . "\n");
}

$url = getenv('DATABASE_URL');
$hasDatabase = $url !== false;
$visits = null;
if ($hasDatabase) {
    try {
        $visits = countVisit($url);
    } catch (PDOException $error) {
        error_log($error->getMessage());
        http_response_code(503);
    }
}

$name = htmlspecialchars(getenv('SITE_NAME') ?: 'site');
$title = sprintf($text['title'], $name);
$now = htmlspecialchars(gmdate('Y-m-d H:i:s') . ' UTC');
?>
<!doctype html>
<html lang="<?= $language ?>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><?= $title ?></title>
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
<h1><?= $title ?></h1>
<p><?= $text['intro'] ?></p>
<?php if ($hasDatabase && $visits === null): ?>
<p class="note" role="alert"><?= $text['broken'] ?></p>
<?php endif ?>
<dl>
<dt><?= $text['php'] ?></dt><dd><?= PHP_VERSION ?></dd>
<?php if ($visits !== null): ?>
<dt><?= $text['visits'] ?></dt><dd><output id="visits"><?= $visits ?></output></dd>
<?php endif ?>
<dt><?= $text['time'] ?></dt><dd><?= $now ?></dd>
</dl>
</main>
</body>
</html>
