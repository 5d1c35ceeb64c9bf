import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { execIn, specFor, startAgent, type TestAgent } from '../helpers/agent.js'
import { until } from '../helpers/programs.js'

/** A backup while the site writes as fast as it may: files and database are of one moment, and every transaction is there whole or not at all. */
const MIB = 1024 ** 2
const KEY = '6f1c1c1e-0000-4000-8000-000000000002'
const context = { actor: 'test' }
const WRITES_PER_SECOND = 500

let agent: TestAgent
beforeAll(async () => {
  agent = await startAgent()
})
afterAll(() => agent?.close())
afterEach(async () => {
  for (const { id } of await agent.engine.list()) await agent.engine.destroy(id, context)
})

/** How PHP reaches each database. */
const SOURCES: Record<string, string> = {
  mariadb: 'mysql:host=127.0.0.1;dbname=site',
  postgresql: 'pgsql:host=127.0.0.1;dbname=site',
}

const CONNECT = `<?php
$db = new PDO($argv[1], 'site', getenv('DATABASE_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
`
const WRITERS = 8
const PACE = WRITES_PER_SECOND / WRITERS
/** Each transaction writes the same number into two tables; after every tenth a file says how far its writer is, which is renamed into its place. */
const WRITE = `${CONNECT}
$db->exec('CREATE TABLE one (w INT, n INT, text VARCHAR(200), PRIMARY KEY (w, n))');
$db->exec('CREATE TABLE two (w INT, n INT, PRIMARY KEY (w, n))');
$db = null;
for ($w = 0; $w < ${WRITERS} - 1; $w++) if (pcntl_fork() === 0) break;
$db = new PDO($argv[1], 'site', getenv('DATABASE_PASSWORD'), [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$begin = microtime(true);
for ($n = 1; ; $n++) {
  $db->beginTransaction();
  $db->exec("INSERT INTO one VALUES ($w, $n, '" . str_repeat(md5("$n"), 4) . "')");
  $db->exec("INSERT INTO two VALUES ($w, $n)");
  $db->commit();
  if ($n % 10 === 0) {
    file_put_contents("public/new-$w", str_repeat("$n\\n", 2000));
    rename("public/new-$w", "public/count-$w");
  }
  $ahead = $begin + $n / ${PACE} - microtime(true);
  if ($ahead > 0) usleep((int) ($ahead * 1e6));
}
`
const COUNT = `${CONNECT}
$writers = [];
foreach ($db->query('SELECT w, COUNT(*), MAX(n) FROM one GROUP BY w') as $row) $writers[$row[0]]['one'] = [(int) $row[1], (int) $row[2]];
foreach ($db->query('SELECT w, COUNT(*), MAX(n) FROM two GROUP BY w') as $row) $writers[$row[0]]['two'] = [(int) $row[1], (int) $row[2]];
foreach ($writers as $w => &$writer) $writer['lines'] = array_count_values(@file("public/count-$w", FILE_IGNORE_NEW_LINES) ?: []);
$torn = 0;
if (isset($argv[2])) foreach ($db->query('SELECT n, text FROM one') as $one) if ($one[1] !== str_repeat(md5("$one[0]"), 4)) $torn++;
echo json_encode(['writers' => array_values($writers), 'torn' => $torn]);
`

interface Counted {
  writers: { one: [count: number, last: number]; two: [count: number, last: number]; lines: Record<string, number> }[]
  torn: number
}

async function count(id: string, source: string, ...more: string[]): Promise<Counted> {
  const { code, stdout, stderr } = await execIn(agent, id, ['php', 'private/count.php', source, ...more])
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Counted
}

const total = async (source: string): Promise<number> =>
  (await count('busy', source)).writers.reduce((sum, { one }) => sum + one[0], 0)

async function rate(source: string): Promise<number> {
  const [begin, first] = [performance.now(), await total(source)]
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const [end, last] = [performance.now(), await total(source)]
  return Math.round(((last - first) * 1000) / (end - begin))
}

test.each(Object.keys(SOURCES))(
  'BKP-3: a backup of a site that writes 500 times a second to %s is of one moment',
  async (database) => {
    const source = SOURCES[database] ?? ''
    const spec = (id: string, address: number) =>
      specFor(id, address, `nginx-php-${database}`, { cpuMilli: 2000, memoryBytes: 768 * MIB, diskBytes: 1024 * MIB })
    await agent.engine.create(spec('busy', 30), context)
    await agent.engine.start('busy', context)
    const files = agent.engine.files('busy', 'test')
    await files.save('private/write.php', null, Buffer.from(WRITE))
    await files.save('private/count.php', null, Buffer.from(COUNT))
    const hangUp = new AbortController()
    const said: string[] = []
    const take = (chunk: Uint8Array) => void said.push(Buffer.from(chunk).toString())
    const writing = agent.engine
      .exec(
        'busy',
        { argv: ['php', 'private/write.php', source], timeoutMs: 3_600_000, silenceMs: 3_600_000 },
        { onStdout: take, onStderr: take },
        { ...context, signal: hangUp.signal },
      )
      .catch(() => undefined)
    await until('all of them write', async () => {
      const { writers } = await count('busy', source)
      return (writers.length === WRITERS && writers.every(({ one }) => one[0] > 100)) || undefined
    })
    const perSecond = await rate(source)
    const before = (await count('busy', source)).writers.map(({ one }) => one[0])
    const backups = agent.engine.backups(KEY)
    const made = await backups.create('busy', `load${database === 'mariadb' ? 'maria' : 'postg'}aaa`, context)
    const after = (await count('busy', source)).writers.map(({ one }) => one[0])
    expect(said.join('')).toBe('')
    hangUp.abort()
    await writing
    expect(made.frozenMs).toBeLessThanOrEqual(2000)
    const { proof } = await backups.prove('busy', made.id, context)
    expect(proof).toMatchObject({ proven: true })

    await backups.restoreAs(spec('quiet', 31), made.id, context)
    await agent.engine.start('quiet', context)
    const { writers, torn } = await count('quiet', source, 'all')
    expect(torn).toBe(0)
    expect(writers).toHaveLength(WRITERS)
    for (const [w, { one, two, lines }] of writers.entries()) {
      const [, last] = one
      expect([one, two]).toEqual([
        [last, last],
        [last, last],
      ])
      expect(last).toBeGreaterThanOrEqual(before[w] ?? 0)
      expect(last).toBeLessThanOrEqual(after[w] ?? 0)
      // The file says the last multiple of ten, or the one before it when the moment was just before the rename.
      expect(Object.values(lines)).toEqual([2000])
      const tens = Math.floor(last / 10) * 10
      expect([tens, tens - 10]).toContain(Number(Object.keys(lines)[0]))
    }
    const during = after.reduce((sum, many, w) => sum + many - (before[w] ?? 0), 0)
    console.info(
      `${database}: ${perSecond} transactions/s before, ${during} during the backup, still for ${made.frozenMs} ms`,
    )
  },
)
