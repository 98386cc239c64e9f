import type { Id, Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import { timeTextIn } from '@throughline/platform'
import { priorityNames } from '../../philosophy/words.ts'
import type { DueCall } from './store.ts'

/** What the messages tell of the plant. */
export interface Surroundings {
  readonly pathOf: (nodeId: Id<'EquipmentNode'>) => string
  /** The address of the pages; null = not known. */
  readonly origin: string | null
}

const linkTo = (call: DueCall, { origin }: Surroundings): string | null =>
  origin === null ? null : `${origin.replace(/\/$/, '')}/alarms?occurrence=${call.occurrenceId}`

/** One alarm, for one person. */
export function alarmMail(call: DueCall, around: Surroundings): { subject: string; text: string } {
  const link = linkTo(call, around)
  return {
    subject: `${priorityWord(call)}: ${call.message}`,
    text: lines([
      call.message,
      call.detail,
      '',
      `Alarm: ${call.name}, priority ${call.priority}`,
      `Equipment: ${around.pathOf(call.nodeId)}`,
      `Occurred: ${timeTextIn(call.timeZone)(call.occurredAt)}`,
      call.response === '' ? null : `What to do: ${call.response}`,
      '',
      link === null ? null : `Look at it and acknowledge it: ${link}`,
      `You are called in step ${call.step + 1} of the roster "${call.rosterName}".`,
    ]),
  }
}

/** Many alarms, for one person. */
export function summaryMail(calls: readonly DueCall[], around: Surroundings): { subject: string; text: string } {
  const sorted = calls.toSorted((a, b) => a.priority - b.priority || a.occurredAt - b.occurredAt)
  const origin = around.origin?.replace(/\/$/, '')
  return {
    subject: `Flood of alarms: ${calls.length} more`,
    text: lines([
      'There are so many alarms that they come in one mail, at most every ten minutes. The most urgent first:',
      '',
      ...sorted.map((call) =>
        [
          `${priorityWord(call)}: ${call.message}${call.detail === '' ? '' : `, ${call.detail}`}`,
          `  ${call.name}, ${around.pathOf(call.nodeId)}, ${timeTextIn(call.timeZone)(call.occurredAt)}`,
        ].join('\n'),
      ),
      '',
      origin === undefined ? null : `All alarms: ${origin}/alarms`,
    ]),
  }
}

/** One alarm, for a program. */
export const webhookBody = (call: DueCall, around: Surroundings) => ({
  callId: call.id,
  occurrenceId: call.occurrenceId,
  alarm: call.name,
  message: call.message,
  detail: call.detail,
  priority: call.priority,
  equipment: around.pathOf(call.nodeId),
  occurredAt: toIso(call.occurredAt),
  roster: call.rosterName,
  step: call.step + 1,
  link: linkTo(call, around),
})

/** Why a call is not sent any more. */
export const answeredNote = (by: string | null, at: Instant): string =>
  by === null ? `not needed: the alarm returned at ${toIso(at)}` : `not needed: ${by} acknowledged at ${toIso(at)}`

const priorityWord = ({ priority }: DueCall): string => {
  const word = priorityNames[priority] ?? `priority ${priority}`
  return word[0]?.toUpperCase() + word.slice(1)
}

const lines = (all: readonly (string | null)[]): string => `${all.filter((line) => line !== null).join('\n')}\n`
