import type { StateSpan, StopSpan } from './facts.ts'

/** Where a stretch of shift time goes; `minor` is production time that a minor stop took. */
export type TimeKind = 'pdot' | 'apt' | 'minor' | 'aust' | 'adet' | 'adot' | 'unknown'

/** What is true of a machine over one stretch of a shift. */
export interface Moment {
  /** A break or a planned stop. */
  readonly isPlanned: boolean
  readonly state: StateSpan | null
  readonly stop: StopSpan | null
  /** Whether what stands there is shorter than counts as a stop. */
  readonly isMinor: boolean
}

/**
 * The plan comes first, then what a person or the machine gave as the reason of the stop, then the state. A machine that
 * nobody heard of is never idle: its time is unknown.
 */
export function timeKindOf({ isPlanned, state, stop, isMinor }: Moment): TimeKind {
  if (isPlanned) return 'pdot'
  switch (state?.state) {
    case undefined:
    case 'no-data':
      return 'unknown'
    case 'running':
      return 'apt'
    case 'planned-stop':
      return 'pdot'
    default:
      return standingKindOf(state?.state, stop, isMinor)
  }
}

function standingKindOf(state: string | undefined, stop: StopSpan | null, isMinor: boolean): TimeKind {
  if (stop?.category === 'planned' || stop?.category === 'no-order') {
    return stop.insidePlannedTime ? 'adet' : 'pdot'
  }
  if (isMinor) return 'minor'
  switch (stop?.category) {
    case 'down':
      return 'adot'
    case 'setup':
      return 'aust'
    case 'delay':
      return 'adet'
    default:
      return state === 'down' ? 'adot' : state === 'changeover' ? 'aust' : 'adet'
  }
}
