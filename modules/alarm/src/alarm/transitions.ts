import type { AlarmEvent, AlarmState } from '@throughline/model'

/**
 * Where an event leads; `by-process` = to normal or to unacknowledged, as the process stands. What is not listed is
 * refused: nothing changes and nothing is recorded.
 */
type Row = Readonly<Partial<Record<AlarmEvent, AlarmState | 'by-process'>>>

/** From every state a person may shelve an alarm, the design suppress it, or maintenance take it out of service. */
const hiding = {
  shelve: 'shelved',
  suppress: 'suppressed-by-design',
  'take-out-of-service': 'out-of-service',
} as const satisfies Row

/**
 * The life cycle of an alarm (ISA-18.2 figure 3, IEC 62682), with the letters of the standard. Latching is its option:
 * a latched alarm whose process is normal again waits for its reset.
 *
 * Beyond the figure: while an alarm is hidden, its process goes on, and what it does is recorded in place.
 */
const transitions: Readonly<Record<AlarmState, Row>> = {
  // A
  normal: { occur: 'unacknowledged', ...hiding },
  // B
  unacknowledged: { acknowledge: 'acknowledged', return: 'returned-unacknowledged', ...hiding },
  // C
  acknowledged: {
    unacknowledge: 'unacknowledged',
    're-alarm': 'unacknowledged',
    return: 'normal',
    ...hiding,
  },
  // D
  'returned-unacknowledged': { acknowledge: 'normal', 're-alarm': 'unacknowledged', ...hiding },
  'latched-unacknowledged': {
    acknowledge: 'latched-acknowledged',
    reset: 'returned-unacknowledged',
    're-alarm': 'unacknowledged',
    ...hiding,
  },
  'latched-acknowledged': { reset: 'normal', 're-alarm': 'unacknowledged', ...hiding },
  // E
  shelved: {
    occur: 'shelved',
    return: 'shelved',
    shelve: 'shelved',
    'take-out-of-service': 'out-of-service',
    unshelve: 'by-process',
    'shelf-expired': 'by-process',
  },
  // F
  'suppressed-by-design': {
    occur: 'suppressed-by-design',
    return: 'suppressed-by-design',
    shelve: 'shelved',
    'take-out-of-service': 'out-of-service',
    unsuppress: 'by-process',
  },
  // G
  'out-of-service': {
    occur: 'out-of-service',
    return: 'out-of-service',
    shelve: 'shelved',
    'return-to-service': 'by-process',
  },
}

/** What the next state depends on, beside the state and the event. */
export interface ProcessBelow {
  /** Whether the process is abnormal, as it was last known. */
  readonly abnormal: boolean
  readonly latched: boolean
}

/** The state after the event; undefined = the table does not permit it. */
export function nextState(state: AlarmState, event: AlarmEvent, below: ProcessBelow): AlarmState | undefined {
  const next = transitions[state][event]
  if (next === 'by-process') return below.abnormal ? 'unacknowledged' : 'normal'
  if (event !== 'return' || !below.latched) return next
  if (state === 'unacknowledged') return 'latched-unacknowledged'
  return state === 'acknowledged' ? 'latched-acknowledged' : next
}

const hiddenStates: readonly AlarmState[] = ['shelved', 'suppressed-by-design', 'out-of-service']

/** Nobody sees the alarm: it is shelved, suppressed by design, or out of service. */
export const isHidden = (state: AlarmState): boolean => hiddenStates.includes(state)

const words: Readonly<Record<AlarmState, string>> = {
  normal: 'normal',
  unacknowledged: 'standing and not acknowledged',
  acknowledged: 'standing and acknowledged',
  'returned-unacknowledged': 'returned and not acknowledged',
  'latched-unacknowledged': 'latched and not acknowledged',
  'latched-acknowledged': 'latched and acknowledged',
  shelved: 'shelved',
  'suppressed-by-design': 'suppressed by design',
  'out-of-service': 'out of service',
}

const doing: Readonly<Record<AlarmEvent, string>> = {
  occur: 'occur again',
  return: 'return',
  acknowledge: 'be acknowledged',
  unacknowledge: 'be unacknowledged',
  're-alarm': 'alarm anew',
  reset: 'be reset',
  shelve: 'be shelved',
  unshelve: 'be unshelved',
  'shelf-expired': 'leave its shelf',
  suppress: 'be suppressed',
  unsuppress: 'leave its suppression',
  'take-out-of-service': 'be taken out of service',
  'return-to-service': 'be returned to service',
}

/** Why an event is refused in a state, in words, with who brought the alarm there. */
export function refusalOf(name: string, state: AlarmState, event: AlarmEvent, by: string | null): string {
  const who = by === null ? '' : ` (${by})`
  return `Alarm ${name} is ${words[state]}${who}: it cannot ${doing[event]}`
}
