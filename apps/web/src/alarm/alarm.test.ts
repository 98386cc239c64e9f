import type { Alarm, AlarmDefinition, AlarmKpis, AlarmPhilosophy, AlarmState } from '@throughline/model'
import { AlarmState as AlarmStates, draftAlarmDefinition, TimeToRespond } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { conditionText, isHidden, isLatched, isUnacknowledged, limitLines } from './alarm-words.ts'
import type { TypedDefinition } from './definition/definition-draft.ts'
import { contentOf, priorityOf, typedOf } from './definition/definition-draft.ts'
import { differencesOf } from './definition/definition-facts.ts'
import { csvFileProblem, importAnswer, utf8Text } from './definition/import-words.ts'
import { philosophyDifferences, philosophyOf, typedPhilosophy } from './definition/philosophy-draft.ts'
import { acknowledgedText, judgedFigures } from './kpi/kpi-words.ts'
import { actionsOf, alarmsOfUnit, byEquipment, isOverdue, refusalsOf, worstOfTag } from './list/list-rules.ts'
import { shelfTimes } from './list/shelf-times.ts'
import { callText, hoursText, stepOfLines } from './roster/roster-words.ts'
import { roundedOut } from './standing/rounded-window.ts'

const nodeId = '01900000-0000-7000-8000-000000000001' as Alarm['nodeId']
const otherNode = '01900000-0000-7000-8000-000000000002' as Alarm['nodeId']
const tagId = '01900000-0000-7000-8000-000000000003' as NonNullable<Alarm['tagId']>

function alarm(changed: Partial<Alarm>): Alarm {
  return {
    definitionId: '01900000-0000-7000-8000-0000000000a1' as Alarm['definitionId'],
    name: 'WFI-01.Conductivity.high',
    nodeId,
    tagId,
    message: 'Conductivity of the water loop is high',
    priority: 2,
    state: 'unacknowledged',
    active: true,
    occurrenceId: null,
    occurredAt: 0 as Alarm['since'],
    detail: '',
    since: 0 as Alarm['since'],
    by: null,
    comment: '',
    shelvedUntil: null,
    occurrencesLastHour: 1,
    latched: false,
    response: '',
    timeToRespond: '3-to-10-min',
    qualityCritical: false,
    machine: null,
    ...changed,
  }
}

const definition: AlarmDefinition = {
  id: '01900000-0000-7000-8000-0000000000a1' as AlarmDefinition['id'],
  name: 'WFI-01.Conductivity.high',
  nodeId,
  tagId,
  message: 'Conductivity of the water loop is high',
  condition: { kind: 'limit', side: 'high', limit: 1.3, deadband: 0.05 },
  onDelaySeconds: 5,
  offDelaySeconds: 10,
  latched: true,
  cause: 'Ion exchanger spent',
  consequence: 'Water out of specification',
  response: 'Close the loop',
  severity: 'major',
  timeToRespond: '3-to-10-min',
  qualityCritical: true,
  suppressWhile: { tagId, values: ['CIP', 'SIP'] },
  version: 3,
  state: 'released',
  priority: 2,
  changeReason: 'First',
  draftedBy: 'Demo engineer',
  draftedAt: 0 as AlarmDefinition['draftedAt'],
  releasedAt: 0 as AlarmDefinition['releasedAt'],
}

describe('the alarm list', () => {
  test('every state offers a way on, and each deed only where it can succeed', () => {
    const offered = (state: AlarmState): string[] =>
      Object.entries(actionsOf({ state })).flatMap(([deed, can]) => (can ? [deed] : []))
    expect(offered('unacknowledged')).toEqual(['acknowledge', 'shelve', 'takeOutOfService'])
    expect(offered('latched-acknowledged')).toEqual(['reset', 'shelve', 'takeOutOfService'])
    expect(offered('shelved')).toEqual(['unshelve', 'takeOutOfService'])
    expect(offered('out-of-service')).toEqual(['shelve', 'returnToService'])
    for (const state of AlarmStates.options) expect(offered(state)).not.toEqual([])
  })
  test('what blinks waits for an acknowledgement; what is hidden never blinks', () => {
    expect(AlarmStates.options.filter(isUnacknowledged)).toEqual([
      'unacknowledged',
      'returned-unacknowledged',
      'latched-unacknowledged',
    ])
    expect(AlarmStates.options.filter((state) => isHidden(state) && isUnacknowledged(state))).toEqual([])
    expect(AlarmStates.options.filter(isLatched)).toEqual(['latched-unacknowledged', 'latched-acknowledged'])
  })
  test('in a flood, equipment with the most urgent alarm comes first, whatever it has many of', () => {
    const groups = byEquipment([
      alarm({ nodeId, priority: 3 }),
      alarm({ nodeId, priority: 3 }),
      alarm({ nodeId: otherNode, priority: 1 }),
    ])
    expect(groups.map((group) => [group.nodeId, group.alarms.length])).toEqual([
      [otherNode, 1],
      [nodeId, 2],
    ])
  })
  test('the time to respond is over only for what still waits, and only where there is a bound', () => {
    const late = 601e6
    expect(isOverdue(alarm({}), late)).toBe(true)
    expect(isOverdue(alarm({}), 599e6)).toBe(false)
    expect(isOverdue(alarm({ state: 'acknowledged' }), late)).toBe(false)
    expect(isOverdue(alarm({ timeToRespond: 'over-30-min' }), 1e12)).toBe(false)
    expect(isOverdue(alarm({ occurredAt: null }), late)).toBe(false)
  })
  test('refusals are told in the words of the server, what was done is not', () => {
    expect(refusalsOf([{ refused: null }, { refused: 'Alarm A is shelved' }])).toEqual(['Alarm A is shelved'])
  })
  test('a process display draws the most urgent standing alarm of its tag, never a hidden or a normal one', () => {
    const standing = alarm({ priority: 3, state: 'acknowledged', name: 'standing' })
    const all = [alarm({ priority: 1, state: 'shelved' }), alarm({ priority: 1, state: 'normal' }), standing]
    expect(worstOfTag(all, tagId)).toBe(standing)
    expect(worstOfTag([...all, alarm({ priority: 3, name: 'new' })], tagId)?.name).toBe('new')
    expect(worstOfTag(all, nodeId)).toBeUndefined()
  })
  test('a tile answers for the alarms of its node and of its tags', () => {
    const byNode = alarm({ tagId: null, name: 'by node', priority: 4 })
    const byTag = alarm({ nodeId: otherNode, name: 'by tag', priority: 1 })
    const other = alarm({ nodeId: otherNode, tagId: null })
    const unit = { node: { id: nodeId }, tags: [{ id: tagId }] }
    expect(alarmsOfUnit([byNode, other, byTag], unit).map(({ name }) => name)).toEqual(['by tag', 'by node'])
  })
  test('they stand in the order of the list: unacknowledged ones, then by priority, then the newest', () => {
    const acknowledged = alarm({ name: 'acknowledged', priority: 1, state: 'acknowledged' })
    const [low, older, newer] = [
      alarm({ name: 'low', priority: 3 }),
      alarm({ name: 'older', occurredAt: 1 as Alarm['since'] }),
      alarm({ name: 'newer', occurredAt: 2 as Alarm['since'] }),
    ]
    const unit = { node: { id: nodeId }, tags: [] }
    const names = alarmsOfUnit([acknowledged, low, older, newer], unit).map(({ name }) => name)
    expect(names).toEqual(['newer', 'older', 'low', 'acknowledged'])
    const elsewhere = alarm({ nodeId: otherNode, priority: 4 })
    expect(byEquipment([acknowledged, elsewhere]).map((group) => group.nodeId)).toEqual([otherNode, nodeId])
  })
  test('shelving is offered up to the longest that the philosophy permits, and not at all where it permits none', () => {
    expect(shelfTimes(7200)).toEqual([600, 1800, 3600, 7200])
    expect(shelfTimes(900)).toEqual([600, 900])
    expect(shelfTimes(0)).toEqual([])
    expect(shelfTimes(1e9).at(-1)).toBe(7 * 86_400)
  })
})

describe('a definition in the form', () => {
  const conditions: readonly AlarmDefinition['condition'][] = [
    { kind: 'limit', side: 'low-low', limit: -2.5, deadband: 0 },
    { kind: 'deviation', limit: 2, deadband: 0.5, from: { tagId } },
    { kind: 'deviation', limit: 2, deadband: 0.5, from: { value: 37 } },
    { kind: 'rate', side: 'falling', limit: 0.1, overSeconds: 30, deadband: 0 },
    { kind: 'stuck', forSeconds: 600, within: 0.01 },
    { kind: 'stale', forSeconds: 60 },
    { kind: 'state', values: ['FAULT', 'E-STOP'] },
    { kind: 'event', source: 'deviation', severities: ['major', 'critical'] },
    { kind: 'event', source: 'failed-inspection', severities: [] },
    { kind: 'external', source: 'opcua:ns=2;s=Alarm1' },
  ]
  test.each(conditions)('$kind comes out as it went in', (condition) => {
    const read = contentOf({ ...typedOf({ ...definition, condition }), reason: 'Second try' })
    if (!('content' in read)) throw new Error(read.problem)
    expect(draftAlarmDefinition.input.parse(read.content)).toMatchObject({
      name: definition.name,
      condition,
      onDelaySeconds: 5,
      offDelaySeconds: 10,
      latched: true,
      suppressWhile: definition.suppressWhile,
      changeReason: 'Second try',
    })
  })
  const wrong: readonly (readonly [string, Partial<TypedDefinition>, RegExp])[] = [
    ['an empty limit is not 0', { limit: '' }, /limit/],
    ['words are no number', { limit: 'high' }, /limit/],
    ['a delay below 0', { onDelay: '-1' }, /delays/],
    ['no tag for a measured alarm', { tagId: null }, /tag/],
    ['no equipment', { nodeId: null }, /equipment/],
    ['no values of the suppressing tag', { suppressValues: ' , ' }, /values/],
    ['no reason', { reason: 'x' }, /why/],
    ['a frozen sensor without its distance', { kind: 'stuck', seconds: '60', within: '' }, /unchanged/],
    ['no severity of deviations', { kind: 'event', severities: [] }, /deviations/],
    ['stale for no time', { kind: 'stale', seconds: '0' }, /seconds/],
  ]
  test.each(wrong)('%s is told before it is sent', (_title, changed, told) => {
    const read = contentOf({ ...typedOf(definition), reason: 'A reason', ...changed })
    expect('problem' in read ? read.problem : 'was accepted').toMatch(told)
  })
  test('a comma is read as the decimal sign', () => {
    const read = contentOf({ ...typedOf(definition), limit: '1,42', reason: 'A reason' })
    expect('content' in read && read.content.condition).toMatchObject({ limit: 1.42 })
  })
  test('the priority is that of the matrix, and none where the matrix has none', () => {
    const row = { 'under-3-min': 1, '3-to-10-min': 2, '10-to-30-min': 3, 'over-30-min': 4 }
    const matrix = { minor: row, moderate: row, major: row, severe: { ...row, 'over-30-min': 9 } }
    expect(priorityOf({ matrix }, 'major', '3-to-10-min')).toBe(2)
    expect(priorityOf({ matrix }, 'severe', 'over-30-min')).toBeUndefined()
    expect(priorityOf(undefined, 'major', '3-to-10-min')).toBeUndefined()
  })
  test('the difference of two versions names what is released differently, and nothing else', () => {
    const names = { node: String, tag: () => 'a/tag', unit: () => 'µS/cm' }
    const after: AlarmDefinition = {
      ...definition,
      version: 4,
      state: 'draft',
      changeReason: 'Limit of the monograph',
      condition: { kind: 'limit', side: 'high', limit: 1.1, deadband: 0.05 },
    }
    expect(differencesOf(definition, definition, names)).toEqual([])
    expect(differencesOf(definition, after, names)).toEqual([
      {
        head: 'Condition',
        before: 'Above 1.3\u202fµS/cm (high), deadband 0.05\u202fµS/cm',
        after: 'Above 1.1\u202fµS/cm (high), deadband 0.05\u202fµS/cm',
      },
    ])
  })
  test('a condition is told in words, with what it is measured from', () => {
    expect(conditionText({ kind: 'deviation', limit: 2, deadband: 0, from: { tagId } }, '°C', () => 'a/sp')).toBe(
      'Further than 2\u202f°C from a/sp, deadband 0\u202f°C',
    )
    expect(conditionText({ kind: 'stale', forSeconds: 120 }, '', String)).toBe('No good reading for 2 min')
  })
  test('only limits that stand still are drawn', () => {
    expect(limitLines({ kind: 'deviation', limit: 2, deadband: 0, from: { value: 37 } })).toEqual([35, 39])
    expect(limitLines({ kind: 'deviation', limit: 2, deadband: 0, from: { tagId } })).toEqual([])
    expect(limitLines({ kind: 'stale', forSeconds: 1 })).toEqual([])
  })
})

describe('the key figures', () => {
  const kpis: AlarmKpis = {
    window: { from: 0, to: 1 } as AlarmKpis['window'],
    occurrences: 0,
    hidden: 0,
    perTenMinutes: { average: 1, highest: 3, target: 1 },
    flood: { share: 0.02, target: 0.01, floods: [] },
    stale: [],
    chattering: [],
    topTen: [],
    distribution: [],
    secondsToAcknowledge: { median: null, p95: null },
    perHour: [],
  }
  test('a figure at its target meets it, one beyond misses it, one without a base does neither', () => {
    expect(judgedFigures(kpis, 0.05).map(({ met }) => met)).toEqual([true, false, true, true, null])
  })
  test('the ten most frequent are judged by their share of all', () => {
    const top = { definitionId: definition.id, name: 'a', message: 'a', priority: 1, count: 9, share: 0.09 }
    expect(judgedFigures({ ...kpis, topTen: [top] }, 0.05).at(-1)?.met).toBe(false)
    expect(judgedFigures({ ...kpis, topTen: [top] }, undefined).at(-1)?.met).toBeNull()
  })
  test('without any acknowledgement there is a dash with its reason, not 0', () => {
    expect(acknowledgedText({ median: null, p95: null })).toContain('—')
    expect(acknowledgedText({ median: 0, p95: 600 })).toContain('0\u202fs in the middle, 10\u202fmin for')
  })
})

describe('a roster', () => {
  test('hours are told as people write them', () => {
    expect(hoursText({ days: [1, 2, 3, 4, 5], start: '06:00', end: '14:00' })).toBe('Mon–Fri 06:00–14:00')
    expect(hoursText({ days: [7, 6], start: '22:00', end: '06:00' })).toBe('Sat, Sun 22:00–06:00 (of the next day)')
  })
  test('addresses are told apart, and what is neither is named', () => {
    expect(stepOfLines('a@plant.test\nhttps://hooks.plant.test/x, b@plant.test')).toEqual({
      emails: ['a@plant.test', 'b@plant.test'],
      webhooks: ['https://hooks.plant.test/x'],
      wrong: undefined,
    })
    expect(stepOfLines('the shift').wrong).toBe('the shift')
  })
  test('a call that was not sent says why and how often it was tried', () => {
    expect(callText({ sentAt: null, note: 'no answer', attempts: 2 })).toBe('Not sent, tried 2 times: no answer')
    expect(callText({ sentAt: null, note: null, attempts: 0 })).toBe('Not sent yet')
  })
})

test('marks of a window that follows the clock are asked for anew at most once in a tenth of it, and lie within', () => {
  const first = roundedOut({ fromMs: 1_000_500, toMs: 4_600_500 })
  expect(first.fromMs).toBeLessThanOrEqual(1_000_500)
  expect(first.toMs).toBeGreaterThan(4_600_500)
  expect(roundedOut({ fromMs: 1_002_500, toMs: 4_602_500 })).toEqual(first)
})

describe('a philosophy while it is typed', () => {
  const row = (...priorities: [number, number, number, number]) =>
    Object.fromEntries(TimeToRespond.options.map((time, index) => [time, priorities[index] ?? 4])) as Record<
      (typeof TimeToRespond.options)[number],
      number
    >
  const inForce: AlarmPhilosophy = {
    ...{ version: 3, purpose: 'An alarm needs a response.', reason: 'yearly', recordedBy: 'eve', recordedAt: null },
    matrix: { minor: row(3, 3, 4, 4), moderate: row(2, 3, 3, 3), major: row(1, 2, 2, 3), severe: row(1, 1, 2, 2) },
    maxShelfSeconds: { 1: 28_800, 2: 28_800, 3: 86_400, 4: 5400 },
    targets: {
      ...{ perOperatorPer10Min: 1.5, floodPer10Min: 10, floodShare: 0.01, staleAfterHours: 24, chatteringPerMinute: 3 },
      ...{ topTenShare: 0.07, distribution: { 1: 0.07, 2: 0.13, 3: 0.8, 4: 0 } },
    },
  }
  const typed = typedPhilosophy(inForce)
  const readAnew = (changes: Partial<typeof typed>) => philosophyOf({ ...typed, ...changes })

  test('says what is in force until something is changed, to the last digit', () => {
    const { version, reason, recordedBy, recordedAt, ...content } = inForce
    expect(readAnew({})).toEqual({ content })
    expect(philosophyDifferences(inForce, content)).toEqual([])
  })

  test('stands beside what is in force, difference by difference, in the words of the page', () => {
    const read = readAnew({
      matrix: { ...inForce.matrix, minor: row(2, 3, 4, 4) },
      shelfHours: { ...typed.shelfHours, 4: '0,5' },
      shares: { ...typed.shares, 1: '5', 2: '15' },
      targets: { ...typed.targets, floodShare: '0.5' },
    })
    expect('content' in read ? philosophyDifferences(inForce, read.content) : read).toEqual([
      { head: 'Minor, under 3 min', before: '3 medium', after: '2 high' },
      { head: 'Longest shelving, priority 4', before: '1 h 30 min', after: '30 min' },
      { head: 'Share of all alarms, priority 1', before: '7\u202f%', after: '5\u202f%' },
      { head: 'Share of all alarms, priority 2', before: '13\u202f%', after: '15\u202f%' },
      { head: 'Time in flood at most', before: '1\u202f%', after: '0.5\u202f%' },
    ])
  })

  test.each([
    {
      changes: { shelfHours: { ...typed.shelfHours, 2: '' } },
      problem: 'Give the longest shelving of priority 2 in hours.',
    },
    { changes: { shares: { ...typed.shares, 3: 'most' } }, problem: 'Give the share of priority 3 in percent.' },
    { changes: { targets: { ...typed.targets, staleAfterHours: '' } }, problem: 'Give a number: Stale after, hours.' },
  ])('is not read before every number is one: $problem', ({ changes, problem }) => {
    expect(readAnew(changes)).toEqual({ problem })
  })
})

describe('a file of alarms', () => {
  test('is refused before it is sent where it is a workbook, too large, or not in UTF-8', () => {
    expect(csvFileProblem({ name: 'alarms.XLSX', size: 9 })).toContain('save its sheet as "CSV UTF-8"')
    expect(csvFileProblem({ name: 'alarms.csv', size: 5_000_001 })).toContain('larger than 5 MB')
    expect(csvFileProblem({ name: 'alarms.csv', size: 5_000_000 })).toBeUndefined()
    expect(utf8Text(new Uint8Array([0xfc]).buffer)).toBeUndefined()
    expect(utf8Text(new TextEncoder().encode('Kühlung').buffer)).toBe('Kühlung')
  })

  test.each([
    [0, 0, 'Nothing would be drafted: the file names no alarm.'],
    [0, 1, 'Nothing would be drafted: 1 line is as it was.'],
    [1, 61, '1 draft; 61 lines are as they were.'],
  ])('says what it would do: %i drafts, %i lines unchanged', (changes, unchanged, answer) => {
    expect(importAnswer(changes, unchanged)).toBe(answer)
  })
})
