import type { ThreadEdge, ThreadNode } from '@throughline/model'

type Kind = ThreadNode['kind']

const one: Readonly<Record<Kind, string>> = {
  lot: 'Lot',
  run: 'Operation',
  order: 'Order',
  equipment: 'Equipment',
  person: 'Person',
  tool: 'Tool',
  instruction: 'Instruction',
  inspection: 'Inspection',
  'process-data': 'Readings',
  document: 'Document',
  deviation: 'Deviation',
  container: 'Container',
}

const many: Readonly<Record<Kind, string>> = {
  lot: 'lots',
  run: 'operations',
  order: 'orders',
  equipment: 'pieces of equipment',
  person: 'people',
  tool: 'tools',
  instruction: 'instructions',
  inspection: 'inspections',
  'process-data': 'windows of readings',
  document: 'documents',
  deviation: 'deviations',
  container: 'containers',
}

export const kindWord = (kind: Kind): string => one[kind]
export const kindWords = (kind: Kind, count: number): string => (count === 1 ? one[kind].toLowerCase() : many[kind])

/** From the first to the second: `PP-1 built into BRK-1`. */
export const edgeWords: Readonly<Record<ThreadEdge['kind'], string>> = {
  'built-into': 'built into',
  'split-into': 'split into',
  'merged-into': 'merged into',
  'transformed-into': 'made into',
  'worked-in': 'worked on',
  'made-on': 'used by',
  'done-by': 'did',
  'verified-by': 'verified',
  'used-tool': 'used in',
  followed: 'followed in',
  'measured-by': 'measured',
  'recorded-as': 'recorded of',
  'documented-by': 'documents',
  'concerned-by': 'concerns',
  'packed-in': 'packed into',
  'part-of': 'ordered',
}

/** How far from where the question began, in words. */
export function levelWords(level: number): string {
  if (level === 0) return 'here'
  const steps = Math.abs(level)
  return `${steps} ${steps === 1 ? 'step' : 'steps'} ${level < 0 ? 'back' : 'on'}`
}

/** As much of a text as has room, the cut told by an ellipsis. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`

/** A name with its middle left out: serials differ at their ends. */
export function shortName(name: string, most: number): string {
  if (name.length <= most) return name
  const tail = Math.ceil((most - 1) * 0.6)
  return `${name.slice(0, most - 1 - tail)}…${name.slice(-tail)}`
}
