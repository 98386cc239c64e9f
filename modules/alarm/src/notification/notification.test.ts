import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { newId } from '@throughline/kernel'
import { listRosters, setRoster } from '@throughline/model'
import type { TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Mailbox } from './testing/mailbox.ts'
import { openMailbox } from './testing/mailbox.ts'
import type { Receiver } from './testing/receiver.ts'
import { openReceiver } from './testing/receiver.ts'
import { StartedNotification } from './testing/start-notification.ts'

const ada = 'ada@plant.example'
const bob = 'bob@plant.example'
const mail = (smtpUrl: string) => ({ smtpUrl, from: 'Plant <alarms@plant.example>' })

let server: TestDatabase
let mailbox: Mailbox
let receiver: Receiver
let on: StartedNotification

beforeAll(async () => {
  ;[server, mailbox, receiver] = await Promise.all([createTestDatabase(), openMailbox(), openReceiver()])
})
afterAll(async () => {
  await Promise.all([mailbox.close(), receiver.close()])
  await server.close()
})
beforeEach(async () => {
  mailbox.mails.length = 0
  mailbox.mood = 'take'
  receiver.posts.length = 0
  receiver.status = 204
  on = await StartedNotification.open(server, { mail: mail(mailbox.url), localWebhooks: true })
  return async () => {
    await on.stop()
    await sql`truncate alarm.call, alarm.roster`.execute(server.owner)
  }
})

describe('calling', () => {
  test('a person gets a mail that says what, where, since when, and where to acknowledge', async () => {
    await on.roster([{ emails: [ada] }])
    const { occurrenceId } = await on.occur()
    await on.notifier.sendDue()
    const [got] = mailbox.mails
    expect(got).toMatchObject({ to: ada, subject: 'High: Conductivity of the water loop is high' })
    for (const words of [
      '1.42 uS/cm, limit 1.3',
      'WFI-01.Conductivity.high, priority 2',
      'Equipment: Bio/WFI-01',
      '22 Nov 2026 09:00:00 UTC+01:00',
      `https://plant.example/alarms?occurrence=${occurrenceId}`,
      'step 1 of the roster "Utilities"',
    ]) {
      expect(got?.text).toContain(words)
    }
    expect(await on.calls()).toMatchObject([
      { occurrenceId, to: ada, by: 'e-mail', attempts: 1, note: null, sentAt: on.clock.now() },
    ])
  })

  test('a program gets a webhook with the same', async () => {
    await on.roster([{ webhooks: [receiver.url] }])
    const { occurrenceId } = await on.occur()
    await on.notifier.sendDue()
    const [call] = await on.calls()
    expect(receiver.posts).toEqual([
      {
        path: '/alarms',
        key: call?.id,
        body: {
          callId: call?.id,
          occurrenceId,
          alarm: 'WFI-01.Conductivity.high',
          message: 'Conductivity of the water loop is high',
          detail: '1.42 uS/cm, limit 1.3',
          priority: 2,
          equipment: 'Bio/WFI-01',
          occurredAt: '2026-11-22T08:00:00.000000Z',
          roster: 'Utilities',
          step: 1,
          link: `https://plant.example/alarms?occurrence=${occurrenceId}`,
        },
      },
    ])
    expect(call).toMatchObject({ by: 'webhook', to: receiver.url, attempts: 1 })
    expect(call?.sentAt).not.toBeNull()
  })

  test('it happens by itself', async () => {
    await on.restart({ everyMs: 20 })
    await on.roster([{ emails: [ada] }])
    await on.occur()
    await waitFor(() => mailbox.mails.length === 1, 'the mail')
  })

  test('nobody is called for an alarm that is hidden, less urgent, elsewhere, or outside the hours', async () => {
    await on.roster([{ emails: [ada] }], { priority: 2, hours: [{ days: [7], start: '08:00', end: '16:00' }] })
    await on.occur({ hidden: true })
    await on.occur({ priority: 3 })
    await on.occur({ nodeId: on.plant.press })
    on.clock.advanceMs(7 * 3_600_000)
    await on.occur()
    expect(await on.calls()).toEqual([])
  })

  test('right after a start, before the plant is in memory, nobody is forgotten', async () => {
    await on.roster([{ emails: [ada] }])
    on.plant.isLoaded = false
    await on.occur()
    expect(await on.calls()).toEqual([])
    on.plant.isLoaded = true
    await on.restart()
    await on.platform.idle()
    expect(await on.calls()).toHaveLength(1)
  })
})

describe('escalation', () => {
  test('without an acknowledgement the next step is called, each in its time', async () => {
    await on.roster([{ emails: [ada], afterSeconds: 300 }, { emails: [bob] }])
    await on.occur()
    await on.later(0)
    await on.later(299)
    expect(mailbox.mails.map(({ to }) => to)).toEqual([ada])
    await on.later(1)
    expect(mailbox.mails.map(({ to }) => to)).toEqual([ada, bob])
  })

  test('an acknowledgement ends it, and the list says why', async () => {
    await on.roster([{ emails: [ada] }, { emails: [bob] }])
    const alarm = await on.occur()
    await on.later(0)
    await on.answer(alarm, 'carl')
    await on.later(600)
    expect(mailbox.mails.map(({ to }) => to)).toEqual([ada])
    expect((await on.calls())[1]).toMatchObject({
      to: bob,
      sentAt: null,
      note: 'not needed: carl acknowledged at 2026-11-22T08:00:00.000000Z',
    })
  })

  test('an alarm that is over before anybody was called calls nobody', async () => {
    await on.roster([{ emails: [ada] }])
    await on.answer(await on.occur(), null)
    await on.later(0)
    expect(mailbox.mails).toEqual([])
    expect(await on.calls()).toMatchObject([{ note: expect.stringContaining('not needed: the alarm returned') }])
  })

  test('it goes on after a restart', async () => {
    await on.roster([{ emails: [ada] }, { emails: [bob] }])
    await on.occur()
    await on.later(0)
    await on.restart()
    await on.later(300)
    expect(mailbox.mails.map(({ to }) => to)).toEqual([ada, bob])
  })

  test('an alarm that is told once more, coming back from a shelf, calls those who were not called yet', async () => {
    await on.roster([{ emails: [ada] }, { emails: [bob] }])
    const alarm = await on.occur()
    await on.later(0)
    await on.answer(alarm, 'carl')
    await on.tell('alarm.occurred', alarm)
    await on.later(300)
    expect(mailbox.mails.map(({ to }) => to)).toEqual([ada, bob])
  })
})

describe('nobody is called twice for one event', () => {
  test('also when two rosters name the same person, and when the event is told twice', async () => {
    await on.roster([{ emails: [ada] }, { emails: [ada, bob] }])
    await on.roster([{ emails: ['Ada@Plant.example'] }], { name: 'Site', nodeId: on.plant.bio })
    const alarm = await on.occur()
    await on.tell('alarm.occurred', alarm)
    await on.later(0)
    await on.tell('alarm.occurred', alarm)
    await on.later(3600)
    expect(mailbox.mails.map(({ to }) => to.toLowerCase()).sort()).toEqual([ada, bob])
  })

  test('two webhooks that differ by case are two', async () => {
    await on.roster([{ webhooks: [`${receiver.url}/a`, `${receiver.url}/A`] }])
    await on.occur()
    await on.later(0)
    expect(receiver.posts.map(({ path }) => path).sort()).toEqual(['/alarms/A', '/alarms/a'])
  })

  test('the database itself refuses a second call', async () => {
    await on.roster([{ emails: [ada] }])
    await on.occur()
    const twice = sql`
      insert into alarm.call (id, occurrence_id, definition_id, node_id, name, message, detail, priority, occurred_at,
        roster_id, step, called_by, address, address_key, due_at, try_at, state)
      select ${newId<'AlarmCall'>()}, occurrence_id, definition_id, node_id, name, message, detail, priority, occurred_at,
        roster_id, step, called_by, upper(address), address_key, due_at, try_at, state from alarm.call`
    const attempt = on.platform.act('test', 'test.call.copy', {}, async (uow) => void (await twice.execute(uow.trx)))
    await expect(attempt).rejects.toThrow('call_once')
  })

  test('a server that is killed while it calls calls nobody again: its mails are not repeated, its webhooks are under their key', async () => {
    mailbox.mood = 'silent'
    receiver.status = null
    await on.roster([{ emails: [ada], webhooks: [receiver.url] }])
    await on.occur()
    await on.stop()
    const script = fileURLToPath(new URL('./testing/call-until-killed.ts', import.meta.url))
    const given = JSON.stringify({ connection: server.connection, smtpUrl: mailbox.url, now: on.clock.now() })
    const child = spawn(process.execPath, [script, given], { stdio: ['ignore', 'ignore', 'inherit'] })
    await waitFor(() => mailbox.mails.length + receiver.posts.length === 2, 'both calls to be under way', 20_000)
    child.kill('SIGKILL')
    if (child.signalCode === null) await once(child, 'exit')
    mailbox.mood = 'take'
    receiver.status = 204
    await on.start()
    await on.later(0)
    await on.later(3600)
    expect(mailbox.mails.map(({ to }) => to)).toEqual([ada])
    expect(receiver.posts.map(({ key }) => key)).toEqual([receiver.posts[0]?.key, receiver.posts[0]?.key])
    expect((await on.calls()).map(({ by, note, sentAt }) => [by, note, sentAt === null])).toEqual([
      ['e-mail', expect.stringContaining('the server stopped while this was being sent'), true],
      ['webhook', null, false],
    ])
  })

  test('a mail server that took the mail and hung up is not asked again', async () => {
    mailbox.mood = 'hang-up'
    await on.roster([{ emails: [ada] }])
    await on.occur()
    await on.later(0)
    mailbox.mood = 'take'
    await on.later(3600)
    expect(mailbox.mails).toHaveLength(1)
    expect(await on.calls()).toMatchObject([{ sentAt: null, attempts: 1, note: expect.any(String) }])
  })
})

describe('what goes wrong', () => {
  test('a mail server that says "later" is asked again after 10 s, 1 min and 5 min, then no more', async () => {
    mailbox.mood = 'later'
    await on.roster([{ emails: [ada] }])
    await on.occur()
    const attempts: (number | undefined)[] = []
    for (const seconds of [0, 9, 1, 59, 1, 299, 1, 3600]) {
      await on.later(seconds)
      attempts.push((await on.calls())[0]?.attempts)
    }
    expect(attempts).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    expect(await on.calls()).toMatchObject([{ sentAt: null, note: expect.stringContaining('try again later') }])
  })

  test('what went wrong for a moment is made good, once', async () => {
    mailbox.mood = 'later'
    receiver.status = 503
    await on.roster([{ emails: [ada], webhooks: [receiver.url] }])
    await on.occur()
    await on.later(0)
    mailbox.mood = 'take'
    receiver.status = 200
    await on.later(10)
    await on.later(3600)
    expect(mailbox.mails).toHaveLength(1)
    expect(receiver.posts.map(({ key }) => key)).toEqual([receiver.posts[0]?.key, receiver.posts[0]?.key])
    expect((await on.calls()).map(({ attempts, note }) => [attempts, note])).toEqual([
      [2, null],
      [2, null],
    ])
  })

  test('an address that is refused for good is not asked again, and the list says so', async () => {
    mailbox.mood = 'refuse'
    receiver.status = 404
    await on.roster([{ emails: [ada], webhooks: [receiver.url] }])
    await on.occur()
    await on.later(0)
    await on.later(3600)
    expect((await on.calls()).map(({ attempts, note }) => [attempts, note])).toEqual([
      [1, expect.stringContaining('no such person')],
      [1, 'answered 404'],
    ])
  })

  test('one receiver that is down does not keep the others', async () => {
    receiver.status = null
    await on.restart({ webhookTimeoutMs: 50 })
    await on.roster([{ emails: [ada], webhooks: [receiver.url] }])
    await on.occur()
    await on.occur()
    await on.later(0)
    expect(mailbox.mails).toHaveLength(2)
    expect(receiver.posts).toHaveLength(1)
  })

  test('an acknowledgement between two attempts ends them', async () => {
    mailbox.mood = 'later'
    await on.roster([{ emails: [ada] }])
    const alarm = await on.occur()
    await on.later(0)
    await on.answer(alarm, 'carl')
    mailbox.mood = 'take'
    await on.later(60)
    expect(mailbox.mails).toEqual([])
  })

  test('without a mail server the call says so', async () => {
    await on.roster([{ emails: [ada] }])
    await on.restart({ mail: null })
    await on.occur()
    await on.later(0)
    expect(await on.calls()).toMatchObject([{ sentAt: null, note: 'the server knows no mail server' }])
  })
})

describe('a flood', () => {
  const many = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1)
      await on.occur({ name: `A-${n}`, message: `Alarm number ${n}`, priority: 1 + (n % 3) })
  }

  test('nine at once are nine mails; ten are one mail, most urgent first, and each is recorded as told in it', async () => {
    await on.roster([{ emails: [ada] }])
    await many(9)
    await on.later(0)
    expect(mailbox.mails).toHaveLength(9)
    await on.later(600)
    mailbox.mails.length = 0
    await many(12)
    await on.later(0)
    expect(mailbox.mails.map(({ subject }) => subject)).toEqual(['Flood of alarms: 12 more'])
    const text = mailbox.mails[0]?.text ?? ''
    for (let n = 0; n < 12; n += 1) expect(text).toContain(`Alarm number ${n}`)
    expect(text.indexOf('Critical: Alarm number 9')).toBeLessThan(text.indexOf('High: Alarm number 1,'))
    const summarised = (await on.calls()).slice(9)
    expect(summarised.map(({ note }) => note)).toEqual(Array(12).fill('told in one mail with 11 others'))
    expect(new Set(summarised.map(({ sentAt }) => sentAt))).toEqual(new Set([on.clock.now()]))
  })

  test('what follows waits for the next summary, ten minutes later, and what is acknowledged meanwhile is not in it', async () => {
    await on.roster([{ emails: [ada] }])
    await many(10)
    await on.later(0)
    const answered = await on.occur({ message: 'Answered meanwhile' })
    await on.occur({ message: 'Still there' })
    await on.later(60)
    expect(mailbox.mails).toHaveLength(1)
    await on.answer(answered, 'carl')
    await on.later(540)
    expect(mailbox.mails).toHaveLength(2)
    expect(mailbox.mails[1]?.text).toContain('Still there')
    expect(mailbox.mails[1]?.text).not.toContain('Answered meanwhile')
  })

  test('it is one person that is flooded: another who is called for the first time gets a mail each', async () => {
    await on.roster([{ emails: [ada] }])
    await on.roster([{ emails: [bob] }], { name: 'Critical', priority: 1 })
    await many(12)
    await on.later(0)
    expect(mailbox.mails.filter(({ to }) => to === ada)).toHaveLength(1)
    expect(mailbox.mails.filter(({ to }) => to === bob)).toHaveLength(4)
  })

  test('a program gets each', async () => {
    await on.roster([{ webhooks: [receiver.url] }])
    await many(12)
    await on.later(0)
    expect(new Set(receiver.posts.map(({ key }) => key)).size).toBe(12)
  })
})

describe('rosters', () => {
  const steps = [{ emails: [ada], webhooks: [], afterSeconds: 0 }]
  const input = () => ({
    name: 'Nights',
    nodeId: on.plant.loop,
    priority: 2,
    timeZone: 'Europe/Berlin',
    hours: [{ days: [1, 2, 3, 4, 5], start: '22:00', end: '06:00' }],
    steps,
    active: true,
    reason: 'nights are alone',
  })
  const set = (changes: object, actor = actorWith(['alarm.read', 'alarm.roster.write'])) =>
    on.platform.run(setRoster, actor, { ...input(), ...changes })

  test('a roster is added, changed and listed', async () => {
    const { id } = await set({})
    const changed = await set({ rosterId: id, active: false })
    expect(changed).toMatchObject({ id, active: false })
    expect(await on.platform.run(listRosters, actorWith(['alarm.read']), {})).toEqual([changed])
  })

  test('[SR-2.1!] only who may write rosters there sets one, and moves none that stands elsewhere', async () => {
    await expect(set({}, actorWith(['alarm.read']))).rejects.toMatchObject({ kind: 'forbidden' })
    const atAero = actorWith(['alarm.read', 'alarm.roster.write'], on.plant.aero)
    await expect(set({}, atAero)).rejects.toMatchObject({ kind: 'forbidden' })
    const { id } = await set({})
    await expect(set({ rosterId: id, nodeId: on.plant.press }, atAero)).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test('[SR-2.1!] rosters and calls are seen by who may read alarms there', async () => {
    await set({ hours: [] })
    await on.occur()
    for (const [node, count] of [
      [on.plant.bio, 1],
      [on.plant.aero, 0],
    ] as const) {
      const reader = actorWith(['alarm.read'], node)
      expect(await on.platform.run(listRosters, reader, {})).toHaveLength(count)
      expect(await on.calls(reader)).toHaveLength(count)
    }
    await expect(on.platform.run(listRosters, actorWith([]), {})).rejects.toMatchObject({ kind: 'forbidden' })
    await expect(on.calls(actorWith([]))).rejects.toMatchObject({ kind: 'forbidden' })
  })

  test.each<[string, object, string]>([
    ['a time zone that does not exist', { timeZone: 'Mars/Olympus' }, 'alarm.roster-invalid'],
    ['a step that calls nobody', { steps: [{ ...steps[0], emails: [] }] }, 'alarm.roster-invalid'],
    ['an address that is none', { steps: [{ ...steps[0], emails: ['ada'] }] }, 'platform.input-invalid'],
    ['an hour that does not exist', { hours: [{ days: [1], start: '24:00', end: '06:00' }] }, 'platform.input-invalid'],
    [
      'a webhook with a password',
      { steps: [{ ...steps[0], webhooks: ['https://a:b@c.example'] }] },
      'alarm.webhook-invalid',
    ],
    ['a roster that does not exist', { rosterId: newId<'AlarmRoster'>() }, 'alarm.roster-unknown'],
    ['a node that does not exist', { nodeId: newId<'EquipmentNode'>() }, 'alarm.node-unknown'],
  ])('[SR-3.5] %s is refused by name', async (_what, changes, code) => {
    await expect(set(changes)).rejects.toMatchObject({ code })
    expect(await on.platform.run(listRosters, actorWith(['alarm.read']), {})).toEqual([])
  })

  test('an active roster of people is refused while the server knows no mail server; an inactive one is kept', async () => {
    await on.restart({ mail: null })
    await expect(set({})).rejects.toMatchObject({
      code: 'alarm.mail-not-set',
      message: expect.stringContaining('SMTP_URL'),
    })
    expect(await set({ active: false })).toMatchObject({ active: false })
  })

  test('a webhook to the server itself is refused unless that is set', async () => {
    await on.restart({ localWebhooks: false })
    const local = { steps: [{ ...steps[0], webhooks: ['http://127.0.0.1:9/'] }] }
    await expect(set(local)).rejects.toMatchObject({ code: 'alarm.webhook-invalid' })
  })
})
