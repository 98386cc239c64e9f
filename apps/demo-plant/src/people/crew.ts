import type { Role } from '@throughline/model'
import { day } from '../model/dynamics.ts'

/** Somebody of the demo who is played by this program: named after the work, as nobody of them exists. */
export interface CrewMember {
  readonly name: string
  readonly printedName: string
  readonly role: Role
  /** What they are qualified for from before the first day on, without an end. */
  readonly skills: readonly string[]
}

const member = (name: string, words: string, skills: readonly string[] = [], role: Role = 'operator'): CrewMember => ({
  ...{ name, printedName: `Demo ${words} (simulated)`, role, skills },
})

/** Everybody at site AERO. Who confirms, approves and closes is never who did it. */
export const crew = [
  member('aero-store', 'store keeper'),
  member('aero-cutter', 'ply cutter'),
  member('aero-layup-1', 'first laminator', ['LAYUP']),
  member('aero-layup-2', 'second laminator', ['LAYUP']),
  // Certified again and again: see `certificateOf`.
  member('aero-layup-3', 'third laminator'),
  member('aero-inspector', 'lay-up inspector', ['LAYUP-INSPECTOR']),
  member('aero-autoclave', 'autoclave operator', ['AUTOCLAVE']),
  member('aero-machinist', 'machinist'),
  member('aero-measurer', 'measurer', ['NDT-UT-2']),
  member('aero-assembler', 'assembler'),
  member('aero-supervisor', 'supervisor of AERO', [], 'supervisor'),
  member('aero-quality', 'quality of AERO', [], 'quality'),
] as const satisfies readonly CrewMember[]

/** Days after which what people do wrong begins anew. */
export const storyDays = 10

/** Day of the story on which the certificate of the third laminator has ended, and on which there is a new one. */
export const [certificateEnds, certificateAgain] = [1, 2] as const

/** How long a certificate of the third laminator holds that is given on day `from`: up to the next day without one. */
export function certificateOf(
  firstMidnightMs: number,
  from: number,
): { readonly fromMs: number; readonly toMs: number } {
  const end = Math.floor((from - certificateEnds) / storyDays + 1) * storyDays + certificateEnds
  return { fromMs: firstMidnightMs + from * day, toMs: firstMidnightMs + end * day }
}
