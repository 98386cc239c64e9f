import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AlarmEvent, AlarmState } from '@throughline/model'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { nextState } from './transitions.ts'

const Reference = z.object({
  transitions: z.array(z.object({ from: z.string(), event: z.string(), to: z.string(), when: z.string().optional() })),
})
const file = join(import.meta.dirname, '../../../../../shared/data/alarms/isa18_2-transitions.json')
const reference = Reference.parse(JSON.parse(readFileSync(file, 'utf8')))

const letters: Readonly<Record<string, AlarmState>> = {
  A: 'normal',
  B: 'unacknowledged',
  C: 'acknowledged',
  D: 'returned-unacknowledged',
  E: 'shelved',
  F: 'suppressed-by-design',
  G: 'out-of-service',
}
const events: Readonly<Record<string, AlarmEvent>> = {
  alarmOccurs: 'occur',
  ack: 'acknowledge',
  unack: 'unacknowledge',
  reAlarmMoreSevere: 're-alarm',
  reAlarm: 're-alarm',
  processReturnsToNormal: 'return',
  shelve: 'shelve',
  unshelve: 'unshelve',
  unsuppress: 'unsuppress',
  returnToService: 'return-to-service',
}

test('[ALM-1] every transition of the published ISA-18.2 table is in ours', () => {
  let checked = 0
  for (const { from, event, to, when } of reference.transitions) {
    for (const state of from === '*' ? Object.keys(letters) : [from]) {
      const [before, deed, after] = [letters[state], events[event], letters[to]]
      if (before === undefined || deed === undefined || after === undefined) throw new Error(`${state} ${event} ${to}`)
      const reached = nextState(before, deed, { abnormal: when === 'processAbnormal', latched: false })
      expect([state, event, reached]).toEqual([state, event, after])
      checked += 1
    }
  }
  expect(checked).toBe(21)
})
