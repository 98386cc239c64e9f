import type { CounterSignal, MachineState, StateSignal } from '@throughline/model'
import { linesOfStates, statesOfLines } from './rule-words.ts'

/** A signal while it is typed: everything is text. */
export interface SignalDraft {
  readonly kind: StateSignal['kind']
  readonly tag: string
  readonly mode: string
  readonly functionalMode: string
  readonly lines: string
  readonly otherwise: MachineState
  readonly cycles: string
}

const empty: SignalDraft = {
  kind: 'packml',
  tag: '',
  mode: '',
  functionalMode: '',
  lines: '',
  otherwise: 'idle',
  cycles: '3',
}

export function draftOf(signal: StateSignal | undefined): SignalDraft {
  switch (signal?.kind) {
    case undefined:
      return empty
    case 'packml':
      return { ...empty, kind: 'packml', tag: signal.tag, mode: signal.mode ?? '' }
    case 'mtconnect': {
      const { execution, mode, functionalMode } = signal
      return { ...empty, kind: 'mtconnect', tag: execution, mode: mode ?? '', functionalMode: functionalMode ?? '' }
    }
    case 'values': {
      const { tag, states, otherwise } = signal
      return { ...empty, kind: 'values', tag, lines: linesOfStates(Object.entries(states)), otherwise }
    }
    case 'bits': {
      const lines = linesOfStates(signal.bits.map(({ tag, state }) => [tag, state] as const))
      return { ...empty, kind: 'bits', lines, otherwise: signal.otherwise }
    }
    case 'counts':
      return { ...empty, kind: 'counts', tag: signal.tag, cycles: String(signal.cycles) }
    case 'manual':
      return { ...empty, kind: 'manual' }
  }
}

/** What was typed as a signal, or what is missing in it. */
export function signalOf(draft: SignalDraft): StateSignal | { readonly problem: string } {
  const tag = draft.tag.trim()
  const needsTag = draft.kind !== 'bits' && draft.kind !== 'manual'
  if (needsTag && tag === '') return { problem: 'Name the tag that tells the state.' }
  switch (draft.kind) {
    case 'packml': {
      const mode = orNull(draft.mode)
      return { kind: 'packml', tag, ...(mode === null ? {} : { mode }) }
    }
    case 'mtconnect':
      return {
        kind: 'mtconnect',
        execution: tag,
        mode: orNull(draft.mode),
        functionalMode: orNull(draft.functionalMode),
      }
    case 'values': {
      const { entries, problem } = statesOfLines(draft.lines)
      if (problem !== undefined) return { problem }
      return { kind: 'values', tag, states: Object.fromEntries(entries), otherwise: draft.otherwise }
    }
    case 'bits': {
      const { entries, problem } = statesOfLines(draft.lines)
      if (problem !== undefined) return { problem }
      return { kind: 'bits', bits: entries.map(([name, state]) => ({ tag: name, state })), otherwise: draft.otherwise }
    }
    case 'counts': {
      const cycles = Number(draft.cycles)
      return cycles >= 1 ? { kind: 'counts', tag, cycles } : { problem: 'Say after how many ideal cycles it is idle.' }
    }
    case 'manual':
      return { kind: 'manual' }
  }
}

/** A counter as people type it: `GoodCount`, or `GoodCount 65536` where it comes back to 0 there. */
export function counterOf(text: string): CounterSignal | null | { readonly problem: string } {
  if (text.trim() === '') return null
  const [tag = '', modulus, ...rest] = text.trim().split(/\s+/)
  if (rest.length > 0 || (modulus !== undefined && !/^[1-9]\d*$/.test(modulus))) {
    return { problem: `"${text.trim()}" is no counter, such as "GoodCount" or "GoodCount 65536".` }
  }
  return { tag, modulus: modulus === undefined ? null : Number(modulus) }
}

export const counterLine = (counter: CounterSignal | null): string =>
  counter === null ? '' : counter.modulus === null ? counter.tag : `${counter.tag} ${counter.modulus}`

export const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())
