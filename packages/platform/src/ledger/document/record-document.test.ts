import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { AuditEntry, RecordChange, Signature } from '@throughline/model'
import { readPdf } from '@throughline/testkit'
import { expect, test } from 'vitest'
import type { RecordContents } from './record-document.ts'
import { recordDocument } from './record-document.ts'
import { timeTextIn } from './time-text.ts'

const record = { kind: 'press.setting', id: '018f0000-0000-7000-8000-00000000000a' }
const start = 1_795_334_400_000_000 as Instant
const at = (minute: number): Instant => (start + minute * 60e6) as Instant
const hashOf = (version: number): string => String(version).padStart(64, 'a')

type Image = Readonly<Record<string, unknown>> | null

function version(number: number, who: string, reason: string | null, rows: readonly [Image, Image][]) {
  const id = newId<'AuditEntry'>(at(number))
  const change: RecordChange = {
    record,
    version: number,
    hash: hashOf(number),
    entry: id,
    at: at(number),
    rows: rows.map(([before, after]) => ({
      table: record.kind,
      before: before && { ...before },
      after: after && { ...after },
    })),
  }
  const entry: AuditEntry = {
    id,
    number,
    at: at(number),
    actor: who.toLowerCase(),
    actorKind: 'person',
    actorName: who,
    actorRoles: ['engineer'],
    operation: 'equipment.class.draft',
    input: {},
    reason,
    outcome: 'done',
    origin: '192.0.2.7',
    session: null,
    cause: null,
    software: '0.1.0',
    clock: 'synchronised',
    changes: 1,
    leafHash: hashOf(number),
  }
  return { change, entry }
}

const signature: Signature = {
  id: newId<'Signature'>(start),
  record,
  version: 2,
  recordHash: hashOf(2),
  meaning: 'approved',
  reason: 'checked on the press',
  personId: newId<'Person'>(start) as Id<'Person'>,
  printedName: 'Quinn Quality',
  signedAt: at(5),
  localTime: '2026-11-22T13:05:00+01:00',
  components: 'name and password',
  manifestHash: 'b'.repeat(64),
  state: 'valid',
  stateReason: null,
}

const contents: RecordContents = {
  plant: 'Plant of tests',
  title: 'Setting of press 7',
  record,
  versions: [
    version(1, 'Ada Example', null, [[null, { id: record.id, force: 40, unit: 'kN' }]]),
    version(2, 'Łukasz Ωmega', 'die was worn', [
      [
        { id: record.id, force: 40, unit: 'kN' },
        { id: record.id, force: 55, unit: 'kN' },
      ],
    ]),
  ],
  signatures: [signature],
  checkpoint: { size: 77, at: at(6), rootBase64: 'cm9vdA==' },
  exportedAt: at(7),
  software: '0.1.0',
  timeText: timeTextIn('Europe/Berlin'),
}

/** Lines end where they must, also within a hash. */
const tight = (text: string): string => text.replaceAll(' ', '')

const read = async (changed: Partial<RecordContents> = {}) => readPdf(await recordDocument({ ...contents, ...changed }))

test('[P11-50b] the first page names each signer with meaning, local time, reason and what was signed', async () => {
  const [first = ''] = (await read()).pages
  expect(first).toContain('Quinn Quality: approved')
  expect(first).toContain('2026-11-22 13:05:00 UTC+01:00')
  expect(first).toContain('checked on the press')
  expect(first).toContain('name and password')
  expect(tight(first)).toContain(signature.recordHash)
  expect(tight(first)).toContain(signature.manifestHash)
  expect(first).toContain('Valid')
})

test('[P11-50b!] a signature that became void or broken stands there as just that, with why', async () => {
  const gone = { ...signature, state: 'void' as const, stateReason: 'Ada Example changed the record afterwards' }
  const forged = { ...signature, state: 'broken' as const, stateReason: 'It was altered past the product' }
  const [first = ''] = (await read({ signatures: [gone, forged] })).pages
  expect(first).toContain('VOID : Ada Example changed the record afterwards')
  expect(first).toContain('BROKEN : It was altered past the product')
  expect(first).not.toContain('Valid')
})

test('a record that nobody signed says so', async () => {
  expect((await read({ signatures: [] })).pages[0]).toContain('Nobody has signed this record.')
})

test('[A11-8.2] what was changed since it was entered is marked where the record says what it says now', async () => {
  const text = (await read()).pages.join(' ')
  const now = text.slice(text.indexOf('What the record says now'), text.indexOf('Every version'))
  expect(now).toMatch(/force 55 ± changed: force, in version 2 by Ł ukasz Ω mega, .* UTC\+01:00; before: 40/)
  expect(now.match(/± changed/g)).toHaveLength(1)
})

test('[A11-8.2!] a value that was changed and then changed back is marked all the same', async () => {
  const [first, second] = contents.versions
  const back = version(3, 'Ada Example', 'die was changed', [
    [
      { id: record.id, force: 55, unit: 'kN' },
      { id: record.id, force: 40, unit: 'kN' },
    ],
  ])
  const text = (await read({ versions: [first, second, back].flatMap((each) => each ?? []) })).pages.join(' ')
  const now = text.slice(text.indexOf('What the record says now'), text.indexOf('Every version'))
  expect(now).toMatch(/force 40 ± changed: force, in version 3 by Ada Example, .* UTC\+01:00; before: 55/)
})

test('[A11-14-2, P11-10b, P11-10e-2] every version stands there with who, when, why, what was before and what came after', async () => {
  const text = (await read()).pages.join(' ')
  expect(text).toMatch(/Version 1, .* UTC\+01:00 Ada Example \(engineer\) wrote the draft/)
  expect(text).toMatch(/Version 2, .* UTC\+01:00 Ł ukasz Ω mega \(engineer\) .*Reason die was worn/)
  expect(text).toMatch(/force was 40 , is now 55/)
  expect(text).toContain('from 192.0.2.7')
  for (const { change, entry } of contents.versions) {
    expect(tight(text)).toContain(change.hash)
    expect(tight(text)).toContain(entry.id)
  }
})

test('[P11-10b] the same stands in the file as data', async () => {
  const { attachments } = await read()
  expect(attachments.map(({ name }) => name)).toEqual(['record.json'])
  const data = JSON.parse(attachments[0]?.content ?? '') as Record<string, unknown>
  expect(data).toMatchObject({ record, title: contents.title, exportedAt: contents.exportedAt })
  expect(data['state']).toEqual([{ table: record.kind, row: { id: record.id, force: 55, unit: 'kN' } }])
  expect(data['versions']).toEqual(JSON.parse(JSON.stringify(contents.versions)))
  expect(data['signatures']).toEqual([signature])
})

test('each page says of which record and version it is, and which of how many', async () => {
  const versions = Array.from({ length: 30 }, (_, n) =>
    version(n + 1, 'Ada Example', `step ${n}`, [
      [n === 0 ? null : { id: record.id, force: n - 1 }, { id: record.id, force: n }],
    ]),
  )
  const { pages } = await read({ versions })
  expect(pages.length).toBeGreaterThan(3)
  for (const [index, page] of pages.entries()) {
    expect(page).toContain(
      `setting ${record.id} · version 30 · ${hashOf(30).slice(0, 12)} · page ${index + 1} of ${pages.length}`,
    )
  }
})

test('the file says that it is PDF/A-3b and holds every font that it uses', async () => {
  const { metadata, structure } = await read()
  expect(metadata).toContain('<pdfaid:part>3</pdfaid:part>')
  expect(metadata).toContain('<pdfaid:conformance>B</pdfaid:conformance>')
  expect(structure).toContain('/AFRelationship /Data')
  const descriptors = structure.match(/\/Type \/FontDescriptor/g) ?? []
  expect(descriptors.length).toBeGreaterThan(1)
  expect(structure.match(/\/FontFile2 \d+ 0 R|\/FontFile3 \d+ 0 R/g)).toHaveLength(descriptors.length)
  expect(structure).not.toContain('/Subtype /Type1')
})

test('the same contents give the same file', async () => {
  expect((await recordDocument(contents)).equals(await recordDocument(contents))).toBe(true)
})

test('a letter without a glyph, or one that would turn the text around, stands there as its number', async () => {
  const [first = ''] = (await read({ title: 'press \u4e2d \u202e7' })).pages
  expect(first).toContain('press ‹U+4E2D› ‹U+202E›7')
})

test('a record that was removed says so and keeps its history', async () => {
  const removed = version(3, 'Ada Example', 'scrapped', [[{ id: record.id, force: 55, unit: 'kN' }, null]])
  const text = (await read({ versions: [...contents.versions, removed] })).pages.join(' ')
  expect(text).toContain('The record was removed')
  expect(text).toMatch(/− removed: setting .*force 55/)
})
