import { acknowledgeAlarms, listAlarmCalls, setRoster, shelveAlarm, unshelveAlarm } from '@throughline/model'
import { waitFor } from '@throughline/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedAlarms } from '../testing/start-alarm.ts'
import { startAlarms } from '../testing/start-alarm.ts'
import type { Mailbox } from './testing/mailbox.ts'
import { openMailbox } from './testing/mailbox.ts'

let on: StartedAlarms
let mailbox: Mailbox
beforeAll(async () => {
  mailbox = await openMailbox()
  const mail = { smtpUrl: mailbox.url, from: 'alarms@plant.example' }
  on = await startAlarms({ notification: { mail, everyMs: 20, origin: () => 'https://plant.example' } })
  const step = { webhooks: [], afterSeconds: 300 }
  await on.platform.run(setRoster, on.engineer, {
    name: 'Utilities',
    nodeId: on.plant.bio,
    priority: 4,
    timeZone: 'UTC',
    hours: [],
    active: true,
    steps: [
      { ...step, emails: ['ada@plant.example'] },
      { ...step, emails: ['bob@plant.example'] },
    ],
    reason: 'for a test',
  })
})
afterAll(async () => {
  await on.stop()
  await mailbox.close()
})

const calls = async () => {
  const window = { from: on.at(0), to: on.at(1e6) }
  return (await on.platform.run(listAlarmCalls, on.engineer, { window })).map(({ to, sentAt, note }) => [
    to,
    sentAt !== null,
    note,
  ])
}

test('a reading beyond its limit reaches a person, whose acknowledgement ends the calling', async () => {
  const tag = on.plant.tag('temperature')
  const { id } = await on.alarm('WFI-01.Temperature.high', tag)
  on.hear(tag, 1, 95)
  await on.watch.idle()
  const got = await waitFor(() => mailbox.mails[0], 'the mail')
  expect(got).toMatchObject({ to: 'ada@plant.example', subject: 'High: WFI-01.Temperature.high is beyond its limit' })
  expect(got.text).toContain('What to do: open the valve')
  await on.platform.run(acknowledgeAlarms, on.engineer, { definitionIds: [id] })
  await on.platform.idle()
  on.clock.advanceMs(301_000)
  expect(await calls()).toEqual([
    ['bob@plant.example', false, expect.stringContaining('not needed: eve acknowledged')],
    ['ada@plant.example', true, null],
  ])
})

test('an alarm that comes back from a shelf calls those who were not called yet, and nobody a second time', async () => {
  mailbox.mails.length = 0
  const tag = on.plant.tag('pressure')
  const { id } = await on.alarm('WFI-01.Pressure.high', tag)
  on.hear(tag, 400, 95)
  await on.watch.idle()
  await waitFor(() => mailbox.mails.length === 1, 'the first mail')
  await on.platform.run(shelveAlarm, on.engineer, { definitionId: id, forSeconds: 600, reason: 'known, being mended' })
  await on.platform.idle()
  await on.platform.run(unshelveAlarm, on.engineer, { definitionId: id })
  await on.platform.idle()
  on.clock.advanceMs(301_000)
  await waitFor(() => mailbox.mails.length === 2, 'the mail of the second step')
  expect(mailbox.mails.map(({ to }) => to)).toEqual(['ada@plant.example', 'bob@plant.example'])
})
