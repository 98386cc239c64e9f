import { newId, parseInstant } from '@throughline/kernel'
import type { AuditEntry } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { AuditSearch, filterOf, instantOf } from './audit-search.ts'
import { entrySentence, outcomeWords } from './entry-words.ts'

const at = parseInstant('2026-11-22T08:00:00Z') ?? (0 as AuditEntry['at'])
const entry: AuditEntry = {
  id: newId<'AuditEntry'>(at),
  number: 7,
  at,
  actor: 'a',
  actorKind: 'person',
  actorName: 'Ada Example',
  actorRoles: ['engineer'],
  operation: 'equipment.class.draft',
  input: { name: 'pump', tags: [] },
  reason: null,
  outcome: 'done',
  origin: null,
  session: null,
  cause: null,
  software: '0.1.0',
  clock: 'synchronised',
  changes: 1,
  leafHash: 'a'.repeat(64),
}

describe('an entry is one sentence', () => {
  test('that says who did what to which thing', () => {
    expect(entrySentence(entry)).toBe('Ada Example wrote the draft of the next version of an equipment class: pump')
  })

  test('that says of what was refused that it was', () => {
    const refused = { ...entry, outcome: 'platform.permission-missing' }
    expect(entrySentence(refused)).toBe(
      'Ada Example tried to write the draft of the next version of an equipment class: pump, and was refused',
    )
    expect(outcomeWords(refused.outcome)).toBe('Refused: permission missing')
  })

  test('that names strangers and the product’s own deeds as such', () => {
    const stranger = { ...entry, actorKind: 'nobody' as const, actorName: 'nobody', input: 'no object at all' }
    expect(entrySentence({ ...stranger, operation: 'identity.session.open', outcome: 'x.y' })).toBe(
      'Somebody who was not signed in tried to sign in with name and password, and was refused',
    )
    const signing = { ...stranger, operation: 'identity.session.open', input: { name: 'ada' } }
    expect(entrySentence(signing)).toBe('ada signed in with name and password')
    expect(entrySentence({ ...signing, outcome: 'x.y' })).toBe(
      'Somebody tried to sign in with name and password as “ada”, and was refused',
    )
    const product = { ...entry, actorKind: 'system' as const, actorName: 'server', input: {} }
    expect(entrySentence({ ...product, operation: 'platform.server.start' })).toBe(
      'The product itself (server) started',
    )
  })
})

describe('the address of the trail', () => {
  test('gives the filter that the server is asked with', () => {
    const search = AuditSearch.parse({ who: 'machine', deed: 'a.b.c', outcome: 'refused', from: '2026-11-22T09:00' })
    expect(filterOf(search, 'Europe/Berlin')).toEqual({
      filter: { actorKind: 'machine', operation: 'a.b.c', outcome: 'refused', from: at },
      problem: undefined,
    })
    expect(filterOf({ who: 'id-of-a-person', record: 'x.y' }, undefined).filter).toEqual({
      actor: 'id-of-a-person',
      record: { kind: 'x.y' },
    })
  })

  test('with a time that is none says so, and asks without it', () => {
    const { filter, problem } = filterOf({ from: 'yesterday' }, 'Europe/Berlin')
    expect(filter).toEqual({})
    expect(problem).toContain('A time of this address is none')
  })

  test.each([
    ['2026-03-29T01:59', '2026-03-29T00:59:00Z'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['2026-10-25T04:00', '2026-10-25T03:00:00Z'],
    ['2026-07-01T12:00:30', '2026-07-01T10:00:30Z'],
  ])('%s on the wall clock of Berlin is %s, also around the change of the clocks', (text, iso) => {
    expect(instantOf(text, 'Europe/Berlin')).toBe(parseInstant(iso))
  })

  test.each(['', '2026-13-01T00:00', '2026-11-22', '2026-11-22T25:00'])('"%s" is no time', (text) => {
    expect(instantOf(text, 'Europe/Berlin')).toBeUndefined()
  })
})
