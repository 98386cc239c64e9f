import type { MachineState, StateSignal } from '@throughline/model'
import { mtconnectState } from './mtconnect.ts'
import { findPackmlState, inMode } from './packml.ts'
import type { ReadValue } from './reading.ts'
import { isTrue, textOf } from './reading.ts'

/** What a machine does, and its own word for it. */
export interface Told {
  readonly state: MachineState
  readonly label: string
}

/** The newest value of a tag: undefined = never read, null = not good. */
export type Values = (tag: string) => ReadValue | null | undefined

/**
 * The state that follows from the newest values. Where a value that decides is missing or not good, nobody knows, and so it is
 * for a value that the rule does not know.
 *
 * Counts and people tell over time, not by a value: for them it is no-data here.
 */
export function stateOf(signal: StateSignal, values: Values): Told {
  switch (signal.kind) {
    case 'packml':
      return byValue(values(signal.tag), (value) => {
        const found = typeof value === 'boolean' ? undefined : findPackmlState(value)
        const mode = signal.mode === undefined ? null : textAt(values, signal.mode)
        return found && inMode({ state: found.state, label: found.name }, mode)
      })
    case 'mtconnect':
      return byValue(values(signal.execution), (value) =>
        mtconnectState(textOf(value), textAt(values, signal.mode), textAt(values, signal.functionalMode)),
      )
    case 'values':
      return byValue(values(signal.tag), (value) => {
        const label = textOf(value)
        return { state: signal.states[label] ?? signal.otherwise, label }
      })
    case 'bits':
      return ofBits(signal, values)
    case 'counts':
      return unknown('not counted yet')
    case 'manual':
      return unknown('nobody told')
  }
}

/** Tags that decide the state. */
export function signalTags(signal: StateSignal): string[] {
  switch (signal.kind) {
    case 'packml':
      return signal.mode === undefined ? [signal.tag] : [signal.tag, signal.mode]
    case 'values':
    case 'counts':
      return [signal.tag]
    case 'mtconnect':
      return [signal.execution, signal.mode, signal.functionalMode].filter((tag) => tag !== null)
    case 'bits':
      return signal.bits.map(({ tag }) => tag)
    case 'manual':
      return []
  }
}

export const unknown = (label: string): Told => ({ state: 'no-data', label })

function byValue(value: ReadValue | null | undefined, tell: (value: ReadValue) => Told | undefined): Told {
  if (value === undefined) return unknown('not heard')
  if (value === null) return unknown('bad quality')
  const told = tell(value) ?? unknown(`unknown value ${textOf(value)}`)
  return { ...told, label: told.label.slice(0, 200) }
}

/** A bit that is not known hides all below it. */
function ofBits(signal: Extract<StateSignal, { kind: 'bits' }>, values: Values): Told {
  for (const { tag, state } of signal.bits) {
    const value = values(tag)
    if (value === undefined) return unknown('not heard')
    if (value === null) return unknown('bad quality')
    if (isTrue(value)) return { state, label: tag }
  }
  return { state: signal.otherwise, label: signal.otherwise }
}

function textAt(values: Values, tag: string | null): string | null {
  const value = tag === null ? null : values(tag)
  return value === null || value === undefined ? null : textOf(value)
}
