import { expect, test } from 'vitest'
import { nodeCrypto } from './node-crypto.ts'
import type { BundlePlan } from './testing/make-bundle.ts'
import { makeLedger } from './testing/make-bundle.ts'
import { batchKind, idOf, leafHash, makeLeaves } from './testing/make-leaves.ts'
import type { Verdict } from './verdict.ts'
import { printVerdict } from './verdict.ts'
import type { Question } from './verify.ts'
import { verifyBundle } from './verify.ts'

const plan: BundlePlan = { leaves: 60, batches: 5, checkpoints: [20, 45, 60], keys: [0, 30] }
const record: BundlePlan = { ...plan, subject: { kind: 'record', record: { kind: batchKind, id: idOf(1, 2) } } }
const texts = [...makeLeaves(60, 5)]
const entries = texts.map((text) => JSON.parse(text))

async function judge(lines: readonly string[], question: Partial<Question> = {}): Promise<Verdict> {
  async function* pieces() {
    for (const line of lines) yield Buffer.from(`${line}\n`)
  }
  return await verifyBundle(pieces(), { crypto: nodeCrypto, ...question })
}

/** Verdict on a bundle of which one line was edited. */
async function judgeEdited(of: BundlePlan, find: (line: Line) => boolean, edit: (line: Line) => void) {
  const lines = makeLedger(of).lines()
  const index = lines.findIndex((text) => find(JSON.parse(text)))
  const line = JSON.parse(lines[index] as string)
  edit(line)
  return await judge(lines.with(index, JSON.stringify(line)))
}
// biome-ignore lint/suspicious/noExplicitAny: lines are broken here in ways that no type allows
type Line = any

const leafAt = (place: number) => (line: Line) => line.line === 'leaf' && line.index === place
const isChange = (place: number) => entries[place].type === 'change'
/** A version 2 of a record. */
const second = entries.findIndex((leaf) => leaf.version === 2)
const entryOf = (place: number) => entries.findIndex((leaf) => leaf.id === entries[place].entry)

function rewrite(place: number, edit: (leaf: Line) => void, from: readonly string[] = texts): string[] {
  const leaf = JSON.parse(from[place] as string)
  edit(leaf)
  return from.with(place, JSON.stringify(leaf))
}

test('[P11-10a] an untouched window is valid, and it is said from when to when and for whom', async () => {
  const verdict = await judge(makeLedger(plan).lines())
  expect(verdict).toMatchObject({
    verdict: 'valid',
    finding: null,
    leaves: 60,
    checkpoints: 3,
    trust: { by: 'nobody' },
  })
  expect(verdict.firstAt).toBe(entries[0].at)
  expect(verdict.lastAt).toBe(entries[59].at)
  expect(verdict.checkpoint).toMatchObject({ size: 60, signedBy: 2 })
  expect(printVerdict(verdict)).toContain(makeLedger(plan).verifierKeys[0])
})

test('[P11-10b] a record with its document, its signatures and their entries is valid', async () => {
  const verdict = await judge(makeLedger(record).lines())
  expect(verdict).toMatchObject({ verdict: 'valid', finding: null })
  expect(verdict.entries).toBeGreaterThan(3)
})

test.each([1, 2, 3, 7, 8, 33, 64, 65])('a ledger of %i leaves is valid, whole and in part', async (leaves) => {
  expect((await judge(makeLedger({ leaves }).lines())).verdict).toBe('valid')
  for (let from = 0; from < leaves; from += 5) {
    const subject = { kind: 'window', from, to: Math.min(from + 4, leaves) } as const
    expect((await judge(makeLedger({ leaves, subject }).lines())).verdict).toBe('valid')
  }
})

test('a ledger in which nothing was sealed yet is valid', async () => {
  expect(await judge(makeLedger({ leaves: [], checkpoints: [0] }).lines())).toMatchObject({
    verdict: 'valid',
    leaves: 0,
  })
})

test('[P11-10a!] each leaf whose text was changed is named with its time, person and operation', async () => {
  for (const place of texts.keys()) {
    const verdict = await judgeEdited(plan, leafAt(place), (line) => {
      line.text = line.text.replace(/"(held|running|reviewed|0\.1\.0)"/, '"other"')
    })
    const told = isChange(place) ? entries[entryOf(place)] : entries[place]
    expect(verdict.finding).toMatchObject({ kind: 'altered', place, at: told.at, operation: told.operation })
    expect(verdict.finding?.actor).toContain(told.actor.name)
  }
})

test('[P11-10a!] a leaf that no longer reads is altered, not unreadable: the seal still says so', async () => {
  const verdict = await judgeEdited(plan, leafAt(3), (line) => {
    line.text = `${line.text}}`
  })
  expect(verdict.finding).toMatchObject({ kind: 'altered', place: 3, at: null })
})

test('[P11-10a!] a change that was rewritten with its hash is found by the digest of its entry', async () => {
  const sealed = rewrite(second, (leaf) => {
    leaf.rows[0].after.quantity = 999
  }).map(leafHash)
  const verdict = await judgeEdited(plan, leafAt(second), (line) => {
    line.text = rewrite(second, (leaf) => {
      leaf.rows[0].after.quantity = 999
    })[second]
    line.sealed = sealed[second]?.toString('base64')
  })
  expect(verdict.finding).toMatchObject({ kind: 'altered', place: entryOf(second) })
})

test('[P11-10a!] an entry that was rewritten with its hash no longer leads to the checkpoint', async () => {
  const place = entryOf(second)
  const text = rewrite(place, (leaf) => {
    leaf.actor.name = 'Somebody else'
  })[place] as string
  const verdict = await judgeEdited(plan, leafAt(place), (line) => {
    line.text = text
    line.sealed = leafHash(text).toString('base64')
  })
  expect(verdict.finding).toMatchObject({ kind: 'unproven', place: null })
})

test('[P11-10a!] a version that was built on another one than the one shown is altered', async () => {
  const leaves = rewrite(second, (leaf) => {
    leaf.previous = 'ab'.repeat(32)
  })
  expect((await judge(makeLedger({ ...plan, leaves }).lines())).finding).toMatchObject({
    kind: 'altered',
    place: second,
  })
})

test.each([
  ['a first version that names one before it', 0, { previous: 'ab'.repeat(32) }, 'altered'],
  ['a version that stands twice', second, { version: 1, previous: null }, 'altered'],
  ['a version that is left out', second, { version: 4 }, 'missing'],
])('%s is found', async (_, place, fields, kind) => {
  const leaves = rewrite(place, (leaf) => Object.assign(leaf, fields))
  expect((await judge(makeLedger({ ...plan, leaves }).lines())).finding).toMatchObject({ kind, place })
})

test('an entry that counts more changes than stand before it misses one; with fewer it was altered', async () => {
  const place = entryOf(second)
  const counted = (count: number) => rewrite(place, (leaf) => Object.assign(leaf.changes, { count }))
  const more = await judge(makeLedger({ ...plan, leaves: counted(5) }).lines())
  expect(more.finding).toMatchObject({ kind: 'missing', place })
  const fewer = await judge(makeLedger({ ...plan, leaves: counted(0) }).lines())
  expect(fewer.finding).toMatchObject({ kind: 'altered', place })
  const inside = { ...plan, leaves: counted(5), subject: { kind: 'window', from: place, to: 60 } as const }
  expect((await judge(makeLedger(inside).lines())).verdict).toBe('valid')
})

test('an entry without changes whose digest is of something is altered', async () => {
  const place = entries.findIndex((leaf) => leaf.changes?.count === 0)
  const leaves = rewrite(place, (leaf) => Object.assign(leaf.changes, { digest: 'ab'.repeat(32) }))
  expect((await judge(makeLedger({ ...plan, leaves }).lines())).finding).toMatchObject({ kind: 'altered', place })
})

test('[P11-10a!] two leaves that changed places are reordered, and it is said where the first belongs', async () => {
  const lines = makeLedger(plan).lines()
  const at = lines.findIndex((text) => leafAt(10)(JSON.parse(text)))
  const [a, b] = [JSON.parse(lines[at] as string), JSON.parse(lines[at + 7] as string)]
  const swapped = lines
    .with(at, JSON.stringify({ ...a, text: b.text }))
    .with(at + 7, JSON.stringify({ ...b, text: a.text }))
  const verdict = await judge(swapped)
  expect(verdict.finding).toMatchObject({ kind: 'reordered', place: 10 })
  expect(verdict.finding?.what).toContain('place 17')
})

test('lines that changed places are reordered, and so is a line that stands twice', async () => {
  const lines = makeLedger(plan).lines()
  const at = lines.findIndex((text) => leafAt(10)(JSON.parse(text)))
  const [a, b] = [lines[at] as string, lines[at + 4] as string]
  expect((await judge(lines.with(at, b).with(at + 4, a))).finding).toMatchObject({ kind: 'reordered', place: 10 })
  expect((await judge(lines.toSpliced(at, 0, a))).finding).toMatchObject({ kind: 'reordered', place: 10 })
})

test('[P11-10a!] each place that is left out of a window is missing, with or without a proof that fits', async () => {
  for (const place of texts.keys()) {
    const hidden = await judge(makeLedger({ ...plan, hidden: [place] }).lines())
    expect(hidden.finding).toMatchObject({ kind: 'missing', place })
    const lines = makeLedger(plan).lines()
    const cut = await judge(lines.filter((text) => !leafAt(place)(JSON.parse(text))))
    expect(cut.finding).toMatchObject({ kind: 'missing', place })
  }
})

test('[P11-10a!] a version or an entry that is left out of a record is missing', async () => {
  const own = entries.flatMap((leaf, place) => (leaf.record?.id === idOf(1, 2) ? [place] : []))
  // Of the last version nobody can tell from this bundle alone that it was there: its state tells.
  for (const place of own.slice(0, -1)) {
    expect((await judge(makeLedger({ ...record, hidden: [place] }).lines())).finding?.kind).toBe('missing')
    const entry = await judge(makeLedger({ ...record, hidden: [entryOf(place)] }).lines())
    expect(entry.finding).toMatchObject({ kind: 'missing', place, at: entries[place].at })
  }
  const withoutLast = await judge(makeLedger({ ...record, hidden: [own.at(-1) as number] }).lines())
  expect(withoutLast.finding).toMatchObject({ kind: 'altered' })
  expect((await judge(makeLedger({ ...record, hidden: own }).lines())).finding?.kind).toBe('missing')
})

test('fewer leaves than the last line tells are missing, more are unreadable', async () => {
  const end = (line: Line) => line.line === 'end'
  expect((await judgeEdited(record, end, (line) => line.leaves++)).finding?.kind).toBe('missing')
  expect((await judgeEdited(record, end, (line) => line.leaves--)).finding?.kind).toBe('unreadable')
})

test('[P11-10a!, P11-10b!] a state that is not what the versions make is altered, and so is another document', async () => {
  const isRecord = (line: Line) => line.line === 'record'
  const state = await judgeEdited(record, isRecord, (line) => {
    line.state['execution.batch'][0].quantity = 1
  })
  expect(state.finding).toMatchObject({ kind: 'altered', record: `${batchKind} ${idOf(1, 2)}` })
  const table = await judgeEdited(record, isRecord, (line) => {
    line.state['execution.order'] = [{ id: 'x' }]
  })
  expect(table.finding?.kind).toBe('altered')
  const document = await judgeEdited(record, isRecord, (line) => {
    line.document.base64 = Buffer.from('%PDF-1.7 made for a text').toString('base64')
  })
  expect(document.finding?.what).toContain('B-1001.pdf')
  expect((await judgeEdited(record, isRecord, (line) => (line.document = null))).verdict).toBe('valid')
})

test('[P11-10a, P11-10b] a bundle of several records is valid, and what is wrong with any of them is found', async () => {
  const records = [1, 2, 3].map((number) => ({ kind: batchKind, id: idOf(1, number) }))
  const several: BundlePlan = { ...plan, subject: { kind: 'records', records } }
  const heard: unknown[] = []
  const verdict = await judge(makeLedger(several).lines(), { onRecord: ({ state }) => heard.push(state) })
  expect(verdict).toMatchObject({ verdict: 'valid', finding: null, bundle: { subject: { kind: 'records' } } })
  expect(heard).toEqual([{ 'execution.batch': expect.arrayContaining([expect.objectContaining({ id: idOf(1, 3) })]) }])
  expect(printVerdict(verdict)).toContain('Bundle of 3 records')

  const own = entries.flatMap(({ record: of, version }, place) =>
    of?.id === idOf(1, 3) && version !== undefined ? [place] : [],
  )
  for (const hidden of [[own[0] as number], own.slice(-1), own, [entryOf(own[0] as number)]]) {
    const judged = await judge(makeLedger({ ...several, hidden }).lines())
    expect(['missing', 'altered']).toContain(judged.verdict)
  }
  const isState = (line: Line) => line.line === 'state' && line.record.id === idOf(1, 2)
  const state = await judgeEdited(several, isState, (line) => {
    line.state['execution.batch'][0].quantity = 1
  })
  expect(state.finding).toMatchObject({ kind: 'altered', record: `${batchKind} ${idOf(1, 2)}` })
  const isDocument = (line: Line) => line.line === 'document'
  const document = await judgeEdited(several, isDocument, (line) => {
    line.document.sha256 = '0'.repeat(64)
  })
  expect(document.finding).toMatchObject({ kind: 'altered', what: expect.stringContaining('B-1001.pdf') })
  expect((await judgeEdited(several, isDocument, (line) => (line.document = null))).verdict).toBe('valid')
})

test('a bundle of several records that tells of other records than its header names is unreadable', async () => {
  const records = [1, 2].map((number) => ({ kind: batchKind, id: idOf(1, number) }))
  const lines = makeLedger({ ...plan, subject: { kind: 'records', records } }).lines()
  const without = (name: string) => judge(lines.filter((line) => !line.startsWith(`{"line":"${name}"`)))
  expect((await without('state')).verdict).toBe('unreadable')
  expect((await without('document')).verdict).toBe('unreadable')
  const edit = (of: readonly string[], find: string, into: string) => of.map((line) => line.replace(find, into))
  const twice = edit(lines, `"id":"${idOf(1, 2)}"}]`, `"id":"${idOf(1, 1)}"}]`)
  expect((await judge(twice)).finding?.what).toContain('twice')
  const states = lines.filter((line) => line.startsWith('{"line":"state"'))
  const swapped = lines.map(
    (line) => (line === states[0] ? states[1] : line === states[1] ? states[0] : line) as string,
  )
  expect((await judge(swapped)).finding?.what).toContain('not the next one')
  const window = makeLedger(plan).lines()
  const misplaced = window.toSpliced(
    window.findIndex((line) => line.startsWith('{"line":"proof"')),
    0,
    states[0] as string,
  )
  expect((await judge(misplaced)).verdict).toBe('unreadable')
})

test('a version that replaces a row which nobody left is altered', async () => {
  const place = entries.findIndex((leaf) => leaf.version === 2 && leaf.record.id === idOf(1, 2))
  const leaves = rewrite(place, (leaf) => {
    leaf.rows[0].before.quantity = 12345
  })
  expect((await judge(makeLedger({ ...record, leaves }).lines())).finding).toMatchObject({ kind: 'altered', place })
})

test('[P11-10a!] a bundle that ends before a kept checkpoint is truncated', async () => {
  const witness = { name: 'kept', text: makeLedger({ ...plan, leaves: 80, checkpoints: [20, 45, 80] }).checkpoint(80) }
  const verdict = await judge(makeLedger(plan).lines(), { witnesses: [witness] })
  expect(verdict.finding).toMatchObject({ kind: 'truncated' })
  expect(verdict.witnesses).toMatchObject([{ result: 'larger', size: 80 }])
})

test('a bundle that ends before the key of a kept checkpoint came is truncated too', async () => {
  const later = makeLedger({ ...plan, leaves: 80, checkpoints: [80], keys: [0, 30, 70] })
  const verdict = await judge(makeLedger(plan).lines(), { witnesses: [{ name: 'kept', text: later.checkpoint(80) }] })
  expect(verdict.finding?.kind).toBe('truncated')
})

test('[P11-10a!] a ledger that was set back and went on differently contradicts a kept checkpoint', async () => {
  const leaves = rewrite(entryOf(second), (leaf) => {
    leaf.reason = 'another one'
  })
  const other = makeLedger({ ...plan, leaves, checkpoints: [20, 33, 45, 60] })
  for (const size of [60, 45, 33]) {
    const witnesses = [
      { name: 'other', text: other.checkpoint(size) },
      { name: 'larger', text: makeLedger({ ...plan, leaves: 80, checkpoints: [80] }).checkpoint(80) },
    ]
    const verdict = await judge(makeLedger(plan).lines(), { witnesses })
    expect(verdict.finding?.kind).toBe('rolled-back')
    expect(verdict.witnesses[0]).toMatchObject({ result: 'contradicts', size })
  }
})

test('[P11-10a!] two checkpoints of one bundle that do not belong together are a roll-back', async () => {
  const leaves = rewrite(entryOf(second), (leaf) => {
    leaf.reason = 'another one'
  })
  const other = makeLedger({ ...plan, leaves })
  const verdict = await judgeEdited(
    plan,
    (line) => line.line === 'checkpoint' && line.note.includes('\n45\n'),
    (line) => {
      line.note = other.checkpoint(45)
    },
  )
  expect(verdict.finding).toMatchObject({ kind: 'rolled-back' })
})

test('kept checkpoints agree where the bundle reaches them; else it says what to ask for', async () => {
  const ledger = makeLedger({ ...plan, checkpoints: [20, 45, 60] })
  const witness = (size: number) => ({ name: `${size}`, text: ledger.checkpoint(size) })
  const window = await judge(ledger.lines(), { witnesses: [witness(45), witness(31), witness(60)] })
  expect(window.verdict).toBe('valid')
  expect(window.trust).toMatchObject({ by: 'witness' })
  expect(window.witnesses.map(({ result }) => result)).toEqual(['agrees', 'agrees', 'agrees'])
  const part = makeLedger({ ...plan, checkpoints: [60], subject: { kind: 'window', from: 50, to: 52 } })
  const reached = await judge(part.lines(), { witnesses: [witness(31), witness(32)] })
  expect(reached.verdict).toBe('valid')
  expect(reached.witnesses.map(({ result }) => result)).toEqual(['not-reached', 'agrees'])
  expect(reached.witnesses[0]?.what).toContain('checkpoint of size 31')
})

test('a kept checkpoint that lost its last line end or came with others still counts', async () => {
  const text = makeLedger(plan).checkpoint(45).trimEnd().replaceAll('\n', '\r\n')
  expect((await judge(makeLedger(plan).lines(), { witnesses: [{ name: 'mailed', text }] })).trust.by).toBe('witness')
})

test.each([
  ['of another ledger', makeLedger({ ...plan, ledger: 'other' }).checkpoint(45), 'forged'],
  ['by another key of the same name', makeLedger({ ...plan, secret: 'mine' }).checkpoint(45), 'forged'],
  ['with a wrong signature', makeLedger(plan).checkpoint(45).replace('at 1', 'at 2'), 'forged'],
  ['that is no checkpoint', 'hello', 'unreadable'],
  ['that is empty', '', 'unreadable'],
])('a kept checkpoint %s is refused', async (_, text, kind) => {
  expect((await judge(makeLedger(plan).lines(), { witnesses: [{ name: 'kept', text }] })).verdict).toBe(kind)
})

test('[P11-10a!] a proof with another, one more or one less hash proves nothing', async () => {
  const part: BundlePlan = { ...plan, subject: { kind: 'window', from: 20, to: 30 } }
  const isProof = (line: Line) => line.line === 'proof'
  const other = leafHash('').toString('base64')
  for (const edit of [
    (line: Line) => (line.hashes[1] = other),
    (line: Line) => line.hashes.push(other),
    (line: Line) => line.hashes.pop(),
  ])
    expect((await judgeEdited(part, isProof, edit)).finding?.kind).toBe('unproven')
})

test('a leaf beyond the last checkpoint is unproven', async () => {
  const lines = makeLedger({ ...plan, checkpoints: [20, 45], subject: { kind: 'window', from: 0, to: 46 } }).lines()
  const beyond = JSON.stringify({
    line: 'leaf',
    index: 45,
    text: texts[45],
    sealed: leafHash(texts[45] as string).toString('base64'),
  })
  const verdict = await judge([...lines.slice(0, -1), beyond, '{"line":"end","leaves":46}'])
  expect(verdict.finding).toMatchObject({ kind: 'unproven', place: 45 })
})

test('[P11-30-1!] with the key that the asker trusts a bundle is valid, with any other it is forged', async () => {
  const ledger = makeLedger(plan)
  const [first, latest] = ledger.verifierKeys
  expect(await judge(ledger.lines(), { trustedKey: first })).toMatchObject({
    verdict: 'valid',
    trust: { by: 'key', key: 1 },
  })
  expect(await judge(ledger.lines(), { trustedKey: latest })).toMatchObject({ verdict: 'valid', trust: { key: 2 } })
  const mine = makeLedger({ ...plan, secret: 'mine' })
  expect((await judge(mine.lines())).verdict).toBe('valid')
  expect((await judge(mine.lines(), { trustedKey: first })).verdict).toBe('forged')
})

test('a later key says nothing about a bundle that ends before it', async () => {
  const to = entryOf(0) + 1
  const early = makeLedger({ ...plan, checkpoints: [to], subject: { kind: 'window', from: 0, to } })
  expect((await judge(early.lines(), { trustedKey: early.verifierKeys[0] })).verdict).toBe('valid')
  expect((await judge(early.lines(), { trustedKey: early.verifierKeys[1] })).verdict).toBe('forged')
})

const forger = makeLedger({ ...plan, secret: 'forger' })
const good = makeLedger(plan)
const textOf = (note: string): string => note.slice(0, note.indexOf('\n\n') + 1)
test.each<[string, (line: Line) => boolean, (line: Line) => void]>([
  [
    'a checkpoint that another key signed',
    (line) => line.note?.includes('\n60\n'),
    (line) => (line.note = forger.checkpoint(60)),
  ],
  [
    'a checkpoint that nobody of the ledger signed',
    (line) => line.note?.includes('\n60\n'),
    (line) => (line.note = line.note.replaceAll('key-2', 'key-9')),
  ],
  [
    'a checkpoint with another time',
    (line) => line.note?.includes('\n60\n'),
    (line) => (line.note = line.note.replace('at 1', 'at 2')),
  ],
  [
    'a checkpoint that a replaced key signed',
    (line) => line.note?.includes('\n60\n'),
    (line) => (line.note = good.sign(textOf(line.note), 1)),
  ],
  [
    'a checkpoint that a key signed before its time',
    (line) => line.note?.includes('\n20\n'),
    (line) => (line.note = good.sign(textOf(line.note), 2)),
  ],
  ['a first key of another maker', (line) => line.line === 'key', (line) => (line.note = forger.keyNote(1))],
  [
    'a second key that the first did not introduce',
    (line) => line.note?.includes('keys\n2'),
    (line) => (line.note = forger.keyNote(2)),
  ],
  [
    'a second key without the signature of the first',
    (line) => line.note?.includes('keys\n2'),
    (line) => (line.note = line.note.replace(/— \S+key-1 .*\n/, '')),
  ],
  [
    'a key without its own signature',
    (line) => line.note?.includes('keys\n2'),
    (line) => (line.note = line.note.replace(/— \S+key-2 .*\n/, '')),
  ],
  [
    'a key with another number',
    (line) => line.note?.includes('keys\n2'),
    (line) => (line.note = line.note.replace('keys\n2', 'keys\n3')),
  ],
  [
    'a key that signs from earlier on than it said',
    (line) => line.note?.includes('keys\n2'),
    (line) => (line.note = line.note.replace('from 30', 'from 10')),
  ],
  ['a header of another ledger', (line) => line.line === 'header', (line) => (line.ledger = 'other')],
])('[P11-10a] %s is forged', async (_, find, edit) => {
  expect((await judgeEdited(plan, find, edit)).verdict).toBe('forged')
})

test('a forger who owns the first key of the bundle is found by the key that the asker has', async () => {
  const verdict = await judge(forger.lines(), { trustedKey: good.verifierKeys[0] })
  expect(verdict.finding).toMatchObject({ kind: 'forged' })
  expect(verdict.finding?.ask).toContain('verifier key')
})

test('a signature of somebody else on a checkpoint does no harm', async () => {
  const cosign = (line: Line) => {
    line.note += `— witness.example ${Buffer.alloc(76, 7).toString('base64')}\n`
  }
  expect((await judgeEdited(plan, (line) => line.line === 'checkpoint', cosign)).verdict).toBe('valid')
})

test('changes whose entry stands behind the window are told, not missed', async () => {
  const place = entryOf(second)
  const verdict = await judge(makeLedger({ ...plan, subject: { kind: 'window', from: 0, to: place } }).lines())
  expect(verdict).toMatchObject({ verdict: 'valid', changesWithoutEntry: 1 })
})
