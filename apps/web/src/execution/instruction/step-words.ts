import type { InstructionStep, StepType } from '@throughline/model'
import { unitLabel } from '@throughline/ui'
import { textIn } from '../version/version-words.ts'

export const stepTypeWords: Readonly<Record<StepType['type'], string>> = {
  read: 'Read it and go on',
  check: 'Check',
  number: 'Number with limits',
  text: 'Text',
  choice: 'Choice',
  photo: 'Photo',
  scan: 'Scan',
  table: 'Table',
  timer: 'Timer',
  tag: 'Reading of the equipment',
  signature: 'Signature',
}

export const breachWords: Readonly<Record<InstructionStep['onBreach'], string>> = {
  reason: 'goes on with a reason',
  deviation: 'needs a reason and opens a deviation',
  refuse: 'is not taken',
}

export const whenWords: Readonly<Record<NonNullable<InstructionStep['when']>['is'], string>> = {
  equal: 'is',
  'not-equal': 'is not',
  below: 'is below',
  above: 'is above',
  'outside-limits': 'is outside its limits',
}

export const expectsWords: Readonly<Record<Extract<StepType, { type: 'scan' }>['expects'], string>> = {
  material: 'material that is built in',
  subject: 'the piece itself',
  tool: 'a gauge or tool',
  equipment: 'the equipment',
}

/** `0 to 20 mbar`; a side that is open is said. */
export function limitsText(low: number | null, high: number | null, unit: string): string {
  const label = unitLabel(unit)
  const ended = (text: string): string => (label === '' ? text : `${text} ${label}`)
  if (low === null && high === null) return label === '' ? 'no limits' : `in ${label}, no limits`
  if (low === null) return ended(`at most ${high}`)
  if (high === null) return ended(`at least ${low}`)
  return ended(low === high ? `exactly ${low}` : `${low} to ${high}`)
}

/** What a step asks for, in a line. */
export function askText(ask: StepType): string {
  const word = stepTypeWords[ask.type]
  switch (ask.type) {
    case 'number':
      return `Number: ${limitsText(ask.low, ask.high, ask.unit)}${ask.gauge === null ? '' : `, measured with ${ask.gauge}`}`
    case 'choice':
      return `Choice: ${ask.options.map((each) => `${textIn(each.label)}${each.accepted ? '' : ' (not accepted)'}`).join(' · ')}`
    case 'scan':
      return `Scan ${expectsWords[ask.expects]}${ask.bomPosition === null ? '' : `, position ${ask.bomPosition}`}${
        ask.assetType === null ? '' : ` of type ${ask.assetType}`
      }`
    case 'table':
      return `Table of ${ask.rows} ${ask.rows === 1 ? 'row' : 'rows'}: ${ask.columns
        .map(({ label, unit, low, high }) => `${textIn(label)} (${limitsText(low, high, unit ?? '')})`)
        .join(' · ')}`
    case 'timer':
      return `Timer: at least ${ask.seconds} s${ask.atMostSeconds === null ? '' : `, at most ${ask.atMostSeconds} s`}`
    case 'tag':
      return `Reading of ${ask.tag}: ${limitsText(ask.low, ask.high, '')}`
    case 'signature':
      return `Signature: ${ask.meaning}`
    default:
      return word
  }
}

const limited = new Set<StepType['type']>(['number', 'tag', 'table', 'choice', 'timer'])

/** What else holds for a step, each in a few words. */
export function stepNotes(step: Omit<InstructionStep, 'media' | 'title' | 'body'>): string[] {
  const { per, optional, when, skill, secondPerson, verifierSkill, onBreach, ask } = step
  return [
    ...(per === 'piece' ? ['for each piece'] : []),
    ...(optional ? ['may be left out'] : []),
    ...(when === null
      ? []
      : [`only when ${when.step} ${whenWords[when.is]}${when.value === null ? '' : ` ${valueWords(when.value)}`}`]),
    ...(skill === null ? [] : [`needs ${skill}`]),
    ...(secondPerson ? [`a second person confirms${verifierSkill === null ? '' : ` who has ${verifierSkill}`}`] : []),
    ...(limited.has(ask.type) ? [`outside the limits it ${breachWords[onBreach]}`] : []),
  ]
}

const valueWords = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? 'done' : 'not done') : String(value)
