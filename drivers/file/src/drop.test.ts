import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Driver, DriverTag } from '@throughline/edge'
import { ListenerRecorder } from '@throughline/edge/contract'
import { parseInstant, systemClock } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fileDriver } from './driver.ts'

const patience = { timeout: 15_000, interval: 10 }
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, patience)
const quick = { settleMs: 20, scanMs: 10 }
let folder: string
let opened: Driver[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-drop-'))
  opened = []
})
afterEach(async () => {
  await Promise.all(opened.map((driver) => driver.close()))
  rmSync(folder, { recursive: true, force: true })
})

async function watch(
  options: Record<string, string | number | boolean> = {},
  addresses: readonly string[] = [],
  heard = new ListenerRecorder(),
): Promise<{ driver: Driver; heard: ListenerRecorder }> {
  const endpoint = pathToFileURL(folder).href
  const driver = fileDriver.create({
    ...{ name: 'cmm-01', endpoint, options: { ...quick, ...options }, clock: systemClock, homeDir: folder },
  })
  opened.push(driver)
  await driver.connect(heard)
  await driver.subscribe(
    addresses.map((address): DriverTag => ({ tag: address, address, dataType: 'double', sampleMs: 50 })),
  )
  return { driver, heard }
}

function drop(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  return path
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')
const archived = (hash: string): string => join(folder, 'archive', hash.slice(0, 2), hash)
const manifest = (): { what: string; name: string; hash: string | null; reason: string | null }[] =>
  readFileSync(join(folder, 'archive', 'manifest.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const notesOf = (name: string): string[] => manifest().flatMap((note) => (note.name === name ? [note.what] : []))
const refused = (): string[] => (existsSync(join(folder, 'refused')) ? readdirSync(join(folder, 'refused')) : [])

const inspection = {
  characteristic: 'feature',
  serial: 'sn',
  value: 'measured',
  lower: 'lo',
  upper: 'hi',
  status: 'verdict',
}
const table = 'sn,feature,measured,lo,hi,verdict\nA-7,Bore,4.01,3.9,4.1,OK\nA-7,Slot,,1,2,\n'

test('[AL-O] the original lies byte for byte in the archive under its hash, read-only, before the server is told, and left the folder', async () => {
  const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(table.replaceAll('\n', '\r\n'))])
  const path = drop('plate/1.csv', bytes)
  let archivedFirst = false
  const heard = new ListenerRecorder()
  const hand = heard.document.bind(heard)
  heard.document = (document) => {
    archivedFirst = readFileSync(archived(hashOf(bytes))).equals(bytes)
    return hand(document)
  }
  await watch(inspection, [], heard)
  await until(() => expect(existsSync(path)).toBe(false))
  expect(archivedFirst).toBe(true)
  expect(readFileSync(archived(hashOf(bytes)))).toEqual(bytes)
  expect(statSync(archived(hashOf(bytes))).mode & 0o222).toBe(0)
  await until(() => expect(notesOf('plate/1.csv')).toEqual(['archived', 'delivered']))
  expect(Buffer.from(heard.documents[0]?.bytes ?? [])).toEqual(bytes)
  expect(heard.documents[0]?.parsed.results).toMatchObject([
    {
      serial: 'A-7',
      characteristic: 'Bore',
      value: 4.01,
      lowerLimit: 3.9,
      upperLimit: 4.1,
      status: 'pass',
      statusText: 'OK',
    },
    { serial: 'A-7', characteristic: 'Slot', value: null, status: 'unknown' },
  ])
})

test('the same content is delivered once, whatever its names, also after a restart; the second is recorded as a duplicate', async () => {
  drop('a.csv', table)
  drop('b.csv', table)
  const first = await watch(inspection)
  await until(() =>
    expect(notesOf('b.csv').concat(notesOf('a.csv'))).toEqual(expect.arrayContaining(['duplicate', 'archived'])),
  )
  await first.driver.close()
  const second = await watch(inspection)
  const path = drop('c.csv', table)
  await until(() => expect(existsSync(path)).toBe(false))
  expect(notesOf('c.csv')).toEqual(['duplicate'])
  expect(first.heard.documents.length + second.heard.documents.length).toBe(1)
  expect(second.heard.faults.map((fault) => fault.cause)).toContain('duplicate')
})

test('a file is taken when it has come to rest, not while it grows, is locked, or bears the name of a temporary one', async () => {
  const growing = drop('growing.csv', 'value\n1\n')
  const locked = drop('locked.csv', 'value\n7\n')
  drop('locked.csv.lock', '')
  for (const name of ['x.csv.tmp', '~x.csv', '.x.csv', 'x.csv.part']) drop(name, 'value\n1\n')
  const { heard } = await watch({ settleMs: 250 }, ['growing.csv#value', 'locked.csv#value', 'rest.csv#value'])
  const timer = setInterval(() => appendFileSync(growing, '2\n'), 20)
  try {
    drop('rest.csv', 'value\n5\n')
    await heard.untilValue('rest.csv#value', 5)
    expect(existsSync(growing)).toBe(true)
  } finally {
    clearInterval(timer)
  }
  await until(() => expect(notesOf('growing.csv')).toEqual(['archived']))
  expect(readFileSync(archived(String(manifest().find((note) => note.name === 'growing.csv')?.hash)), 'utf8')).toMatch(
    /\n2\n$/,
  )
  expect(existsSync(locked)).toBe(true)
  rmSync(join(folder, 'locked.csv.lock'))
  await heard.untilValue('locked.csv#value', 7)
  await until(() => expect(existsSync(locked)).toBe(false))
  expect(readdirSync(folder).toSorted()).toEqual(['.x.csv', 'archive', 'x.csv.part', 'x.csv.tmp', '~x.csv'])
})

test.each([
  { what: 'cut-off JSON', name: 'r.json', content: '{"a": [1, 2', why: 'not JSON' },
  { what: 'a cut-off QIF file', name: 'r.qif', content: '<QIFDocument versionQIF="2.1.0"><Header>', why: 'XML' },
  {
    what: 'an XML file with a DTD',
    name: 'r.xml',
    content: '<!DOCTYPE q [<!ENTITY a "b">]><QIFDocument/>',
    why: 'DOCTYPE',
  },
  { what: 'XML that is no QIF', name: 'r.xml', content: '<Invoice/>', why: 'begins with Invoice' },
  {
    what: 'a QIF plan',
    name: 'r.qif',
    content: '<QIFDocument versionQIF="3.0.0"/>',
    why: 'without measurement results',
  },
  { what: 'a table with a short row', name: 'r.csv', content: 'a,b\n1,2\n3\n', why: 'not a table' },
  { what: 'a table with a column twice', name: 'r.csv', content: 'a,a\n1,2\n', why: 'column "a" twice' },
  { what: 'an empty file', name: 'r.csv', content: '', why: 'empty' },
  {
    what: 'a file that is too large',
    name: 'r.csv',
    content: `value\n${'1\n'.repeat(2000)}`,
    why: '0.0 MB long and the option maxMb allows 0.0',
  },
  {
    what: 'text in another encoding',
    name: 'r.csv',
    content: Buffer.from('Länge\n1\n', 'latin1'),
    why: 'not text in utf-8',
  },
])(
  '[AL-Complete] $what is put aside unchanged with a note, and the next file is taken',
  async ({ name, content, why }) => {
    const path = drop(name, content)
    const { heard } = await watch({ maxMb: 0.003 }, ['good.csv#value'])
    await until(() => expect(existsSync(path)).toBe(false))
    const [kept = '', note = ''] = refused().toSorted()
    expect(readFileSync(join(folder, 'refused', kept))).toEqual(Buffer.from(content))
    expect(readFileSync(join(folder, 'refused', note), 'utf8')).toContain(why)
    await until(() => expect(notesOf(name)).toEqual(['refused']))
    expect(heard.faults).toContainEqual({ cause: 'file-refused', example: expect.stringContaining(name) })
    drop('good.csv', 'value\n1\n')
    await heard.untilValue('good.csv#value', 1)
  },
)

test.each([
  { encoding: 'auto', bytes: Buffer.from('\ufeffLänge;Zeit\n1,5;03.02.2026 08:15:09\n', 'utf8') },
  { encoding: 'auto', bytes: Buffer.from('\ufeffLänge;Zeit\n1,5;03.02.2026 08:15:09\n', 'utf16le') },
  { encoding: 'latin1', bytes: Buffer.from('Länge;Zeit\n1,5;03.02.2026 08:15:09\n', 'latin1') },
])(
  'a table as a German machine writes it is read ($encoding, $bytes.length bytes), its times in the zone that was named',
  async ({ encoding, bytes }) => {
    drop('m.csv', bytes)
    const { heard } = await watch(
      {
        encoding,
        separator: 'semicolon',
        decimal: ',',
        time: 'Zeit',
        timeFormat: 'dd.MM.yyyy HH:mm:ss',
        zone: 'Europe/Berlin',
      },
      ['*.csv#Länge'],
    )
    const sample = await heard.untilValue('*.csv#Länge', 1.5)
    expect(sample.at).toBe(parseInstant('2026-02-03T07:15:09Z'))
  },
)

test('each row is a sample, in order; a cell that is no number is bad and a fault, an empty one is bad alone', async () => {
  const written = new Date('2026-05-05T05:05:05Z')
  const path = drop('rows.json', '{"run":{"list":[{"v":1},{"v":"two"},{"v":null},{"w":9},{"v":4}]}}')
  utimesSync(path, written, written)
  const { heard } = await watch({ records: 'run.list' }, ['rows.json#v'])
  await heard.untilValue('rows.json#v', 4)
  const rows = heard.samplesOf('rows.json#v').slice(-4)
  expect(rows.map(({ value, status }) => [value, status])).toEqual([
    [1, statusCode.good],
    [null, statusCode.badTypeMismatch],
    [null, statusCode.bad],
    [4, statusCode.good],
  ])
  expect(new Set(rows.map((row) => row.at))).toEqual(new Set([parseInstant('2026-05-05T05:05:05Z')]))
  expect(heard.faults).toEqual([{ cause: 'type-mismatch', example: 'rows.json#v is no double' }])
})

test('what was archived and not yet delivered is handed over again by the next session, from the archive', async () => {
  drop('a.csv', table)
  const away = new ListenerRecorder()
  away.document = () => new Promise(() => {})
  const first = await watch(inspection, [], away)
  await until(() => expect(notesOf('a.csv')).toEqual(['archived']))
  await first.driver.close()
  const { heard } = await watch(inspection)
  await until(() => expect(notesOf('a.csv')).toEqual(['archived', 'delivered']))
  expect(heard.documents).toHaveLength(1)
})

test('a document that the agent cannot keep stays in the folder, and the session says why', async () => {
  const path = drop('a.csv', table)
  const full = new ListenerRecorder()
  full.document = () => {
    throw new Error('No room')
  }
  await watch(inspection, [], full)
  await full.untilLost()
  expect(full.lostReasons[0]).toContain('No room')
  expect(existsSync(path)).toBe(true)
  const { heard } = await watch(inspection)
  await until(() => expect(existsSync(path)).toBe(false))
  expect(heard.documents).toHaveLength(1)
})

test('a manifest whose last line a crash cut off is read on, and what it did not finish is taken again', async () => {
  const path = drop('a.csv', table)
  mkdirSync(join(folder, 'archive'))
  writeFileSync(
    join(folder, 'archive', 'manifest.jsonl'),
    `{"at":"2026-01-01","what":"archived","hash":"${hashOf(table)}","na`,
  )
  const { heard } = await watch(inspection)
  await until(() => expect(existsSync(path)).toBe(false))
  expect(heard.documents).toHaveLength(1)
  const lines = readFileSync(join(folder, 'archive', 'manifest.jsonl'), 'utf8')
    .trim()
    .split('\n')
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ what: 'archived', hash: hashOf(table) })
})

test('a folder is worked in by one session; the lock of a process that died is taken over', async () => {
  const first = await watch()
  await expect(watch()).rejects.toMatchObject({ kind: 'unavailable', code: 'file.folder-in-use' })
  await first.driver.close()
  const dead = Number(execFileSync('sh', ['-c', 'echo $$']).toString())
  const host = execFileSync('hostname').toString().trim()
  drop('archive/in-use.lock', JSON.stringify({ host, process: dead, token: 'x' }))
  await watch()
})

test('a link, a pipe and a file of another kind are left where they are', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'throughline-outside-'))
  try {
    writeFileSync(join(outside, 'secret.csv'), 'value\n7\n')
    symlinkSync(join(outside, 'secret.csv'), join(folder, 'link.csv'))
    execFileSync('mkfifo', [join(folder, 'pipe.csv')])
    drop('report.pdf', 'pdf')
    const { heard } = await watch({}, ['*.csv#value'])
    drop('good.csv', 'value\n1\n')
    await heard.untilValue('*.csv#value', 1)
    await until(() => expect(readdirSync(folder).toSorted()).toEqual(['archive', 'link.csv', 'pipe.csv', 'report.pdf']))
    await until(() =>
      expect(heard.faults).toEqual([{ cause: 'kind-unknown', example: 'report.pdf is left where it is' }]),
    )
  } finally {
    rmSync(outside, { recursive: true })
  }
})

test.each([
  ['tcp://host', {}, 'endpoint'],
  ['file:///drop', { settle: 1 }, 'settle'],
  ['file:///drop', { separator: ';' }, 'separator'],
  ['file:///drop', { zone: 'Mars' }, 'Mars'],
  ['file:///drop', { archive: 'here' }, 'archive'],
  ['file:///drop', { records: 'a[' }, 'a['],
])('%s with %j is refused, naming %s', (endpoint, options, named) => {
  const config = { name: 'x', endpoint, options, clock: systemClock, homeDir: '/tmp' }
  expect(() => fileDriver.create(config)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining(named) }),
  )
})
