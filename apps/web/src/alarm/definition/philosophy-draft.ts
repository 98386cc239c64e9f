import type { AlarmPhilosophy, setPhilosophy } from '@throughline/model'
import { AlarmPriority, AlarmSeverity, TimeToRespond } from '@throughline/model'
import { formatNumber } from '@throughline/ui'
import type { z } from 'zod'
import { priorityWords, respondWords, secondsText, severityWords } from '../alarm-words.ts'
import { numberOf } from './definition-draft.ts'

/** The priorities, most urgent first. */
export const priorities = [1, 2, 3, 4] as const
type Priority = (typeof priorities)[number]
type Target = Exclude<keyof AlarmPhilosophy['targets'], 'distribution'>

/** The targets beside the shares of the priorities; those with `isShare` are typed in percent. */
export const targetFields: Readonly<Record<Target, { readonly label: string; readonly isShare: boolean }>> = {
  perOperatorPer10Min: { label: 'Alarms in ten minutes, per operator, at most', isShare: false },
  floodPer10Min: { label: 'A flood: alarms in ten minutes from', isShare: false },
  floodShare: { label: 'Time in flood at most, %', isShare: true },
  staleAfterHours: { label: 'Stale after, hours', isShare: false },
  chatteringPerMinute: { label: 'Chattering: times within a minute from', isShare: false },
  topTenShare: { label: 'The ten most frequent, of all alarms at most, %', isShare: true },
}
const targetNames = Object.keys(targetFields) as Target[]

/** A philosophy while it is typed: numbers are text, shares are percent, times of shelves are hours. */
export interface TypedPhilosophy {
  readonly purpose: string
  readonly matrix: AlarmPhilosophy['matrix']
  readonly shelfHours: Readonly<Record<Priority, string>>
  readonly shares: Readonly<Record<Priority, string>>
  readonly targets: Readonly<Record<Target, string>>
  readonly reason: string
}

/** What the form starts from. */
export function typedPhilosophy({ purpose, matrix, maxShelfSeconds, targets }: AlarmPhilosophy): TypedPhilosophy {
  return {
    purpose,
    matrix,
    shelfHours: byPriority((priority) => plain(maxShelfSeconds[priority] / 3600)),
    shares: byPriority((priority) => plain(targets.distribution[priority] * 100)),
    targets: Object.fromEntries(
      targetNames.map((name) => [name, plain(targets[name] * (targetFields[name].isShare ? 100 : 1))]),
    ) as TypedPhilosophy['targets'],
    reason: '',
  }
}

type Input = z.input<typeof setPhilosophy.input>
/** What would be set, beside the version that it is based on and the reason. */
export type PhilosophyContent = Omit<Input, 'basedOn' | 'reason'>

/** Makes a philosophy of what was typed, or says what is missing. The server judges whether it can be worked by. */
export function philosophyOf(typed: TypedPhilosophy): { content: PhilosophyContent } | { problem: string } {
  const shelves = byPriority((priority) => numberOf(typed.shelfHours[priority]))
  const shares = byPriority((priority) => numberOf(typed.shares[priority]))
  for (const priority of priorities) {
    if (shelves[priority] === undefined)
      return { problem: `Give the longest shelving of priority ${priority} in hours.` }
    if (shares[priority] === undefined) return { problem: `Give the share of priority ${priority} in percent.` }
  }
  const targets = targetNames.map((name) => [name, numberOf(typed.targets[name])] as const)
  const missing = targets.find(([, value]) => value === undefined)
  if (missing !== undefined) return { problem: `Give a number: ${targetFields[missing[0]].label}.` }
  return {
    content: {
      purpose: typed.purpose.trim(),
      matrix: typed.matrix,
      maxShelfSeconds: byPriority((priority) => Math.round((shelves[priority] ?? 0) * 3600)),
      targets: {
        ...(Object.fromEntries(
          targets.map(([name, value]) => [name, rounded((value ?? 0) / (targetFields[name].isShare ? 100 : 1))]),
        ) as Record<Target, number>),
        distribution: byPriority((priority) => rounded((shares[priority] ?? 0) / 100)),
      },
    },
  }
}

/** What one philosophy says otherwise than another, in words. */
export function philosophyDifferences(
  before: PhilosophyContent,
  after: PhilosophyContent,
): readonly { readonly head: string; readonly before: string; readonly after: string }[] {
  const old = new Map(factsOf(before).map(({ head, text }) => [head, text]))
  return factsOf(after).flatMap(({ head, text }) => {
    const was = old.get(head) ?? ''
    return was === text ? [] : [{ head, before: was, after: text }]
  })
}

function factsOf({ purpose, matrix, maxShelfSeconds, targets }: PhilosophyContent): { head: string; text: string }[] {
  const percent = (share: number): string => `${figure(share * 100)}\u202f%`
  return [
    { head: 'Purpose', text: purpose },
    ...AlarmSeverity.options.flatMap((severity) =>
      TimeToRespond.options.map((time) => {
        const priority = AlarmPriority.parse(matrix[severity]?.[time]) as Priority
        return {
          head: `${severityWords[severity]}, ${respondWords[time]}`,
          text: `${priority} ${priorityWords[priority].toLowerCase()}`,
        }
      }),
    ),
    ...priorities.map((priority) => ({
      head: `Longest shelving, priority ${priority}`,
      text: secondsText(maxShelfSeconds[priority]),
    })),
    ...priorities.map((priority) => ({
      head: `Share of all alarms, priority ${priority}`,
      text: targets.distribution[priority] === 0 ? 'counted apart' : percent(targets.distribution[priority]),
    })),
    ...targetNames.map((name) => ({
      head: targetFields[name].label.replace(', %', ''),
      text: targetFields[name].isShare ? percent(targets[name]) : figure(targets[name]),
    })),
  ]
}

function byPriority<Value>(of: (priority: Priority) => Value): Record<Priority, Value> {
  return { 1: of(1), 2: of(2), 3: of(3), 4: of(4) }
}

/** Percent and hours come from divisions: their last binary digit means nothing. */
const rounded = (value: number): number => Number(value.toPrecision(12))
const plain = (value: number): string => String(rounded(value))
const figure = (value: number): string => formatNumber(rounded(value), (plain(value).split('.')[1] ?? '').length)
