import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FaultRegistry } from '@throughline/edge'
import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, fromMs, plusMs } from '@throughline/kernel'
import type { CommandReply } from '@throughline/model'
import { wireTopics } from '@throughline/model'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CommandDesk } from './command-desk.ts'

const clock: Clock = { now: () => fromMs(Date.UTC(2026, 10, 22, 8)) }
const later: Instant = plusMs(clock.now(), 60_000)
const command = { kind: 'acknowledge-alarm', connection: 'filler', condition: 's=Jam', handle: 'E1', comment: 'seen' }
let folder: string
let faults: FaultRegistry
const desks: CommandDesk[] = []
const replies: CommandReply[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-desk-'))
  faults = new FaultRegistry(clock, pino({ enabled: false }))
  replies.length = 0
})
afterEach(() => {
  for (const desk of desks.splice(0)) desk.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(acknowledge: () => Promise<void>): CommandDesk {
  const handlers = { 'acknowledge-alarm': acknowledge }
  const desk = new CommandDesk({ agent: 'edge-1', file: join(folder, 'commands.sqlite'), clock, faults, handlers })
  desks.push(desk)
  desk.begin((topic, payload) => {
    expect(topic).toBe(wireTopics.commandReply('edge-1'))
    replies.push(JSON.parse(payload))
  })
  return desk
}
const ask = (desk: CommandDesk, id: string, given: object = command, expiresAt = later): void =>
  desk.hear('', new TextEncoder().encode(JSON.stringify({ id, expiresAt, command: given })))
const untilReplies = (count: number) => vi.waitFor(() => expect(replies).toHaveLength(count))

test('a command is done once, however often it is asked, and each question gets the same answer', async () => {
  const done = vi.fn(async () => {})
  const desk = open(done)
  const id = crypto.randomUUID()
  ask(desk, id)
  ask(desk, id)
  await untilReplies(1)
  ask(desk, id)
  await untilReplies(2)
  desk.close()
  ask(open(done), id)
  await untilReplies(3)
  expect(done).toHaveBeenCalledExactlyOnceWith(command)
  expect(replies).toEqual([replies[0], replies[0], replies[0]])
  expect(replies[0]).toMatchObject({ id, outcome: 'done', reason: '' })
})

test('an unknown kind, a command in another form and one that came too late are refused, and nothing is done', async () => {
  const done = vi.fn(async () => {})
  const desk = open(done)
  ask(desk, crypto.randomUUID(), { kind: 'write-set-point', connection: 'filler', address: 's=Speed', value: 999 })
  ask(desk, crypto.randomUUID(), { ...command, handle: 7 })
  ask(desk, crypto.randomUUID(), command, plusMs(clock.now(), -1))
  await untilReplies(3)
  expect(replies.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'expired'])
  expect(replies[0]?.reason).toContain('write-set-point')
  desk.hear('', new TextEncoder().encode('{"id":'))
  expect(faults.list()).toMatchObject([{ cause: 'command-malformed' }])
  expect(done).not.toHaveBeenCalled()
})

test('while the machine does not answer a command may be asked again, and what the machine refuses stays refused', async () => {
  const away = new DomainError('unavailable', 'x.away', 'nobody answers')
  const gone = new DomainError('conflict', 'x.gone', 'it is no longer so')
  const done = vi.fn<() => Promise<void>>().mockRejectedValueOnce(away).mockRejectedValueOnce(gone)
  const desk = open(done)
  const id = crypto.randomUUID()
  for (const expected of [1, 2, 3]) {
    ask(desk, id)
    await untilReplies(expected)
  }
  expect(replies.map(({ outcome, reason }) => `${outcome}: ${reason}`)).toEqual([
    'unavailable: nobody answers',
    'refused: it is no longer so',
    'refused: it is no longer so',
  ])
  expect(done).toHaveBeenCalledTimes(2)
})

test('what was under way when the agent ended is not begun again, and told as uncertain', async () => {
  const never = Promise.withResolvers<void>()
  const first = open(() => never.promise)
  const id = crypto.randomUUID()
  ask(first, id)
  first.close()
  never.resolve()
  const again = vi.fn(async () => {})
  ask(open(again), id)
  await untilReplies(1)
  expect(replies[0]).toMatchObject({ id, outcome: 'uncertain' })
  expect(again).not.toHaveBeenCalled()
})
