import type { Role } from '@throughline/model'

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

/** Everybody at work. Who confirms, approves and closes is never who did it. */
export const crew = [
  member('aero-store', 'store keeper'),
  member('aero-cutter', 'ply cutter'),
  member('aero-layup-1', 'first laminator', ['LAYUP']),
  member('aero-layup-2', 'second laminator', ['LAYUP']),
  member('aero-layup-3', 'third laminator', ['LAYUP']),
  // Helps out, and the certificate has ended (E07).
  member('aero-layup-4', 'fourth laminator'),
  member('aero-inspector', 'lay-up inspector', ['LAYUP-INSPECTOR']),
  member('aero-autoclave', 'autoclave operator', ['AUTOCLAVE']),
  member('aero-machinist', 'machinist'),
  member('aero-measurer', 'measurer', ['NDT-UT-2']),
  member('aero-assembler', 'assembler'),
  member('aero-supervisor', 'supervisor of AERO', [], 'supervisor'),
  member('aero-quality', 'quality of AERO', [], 'quality'),
  member('bio-filler', 'filler'),
  member('bio-supervisor', 'supervisor of BIO', [], 'supervisor'),
  member('bio-quality', 'quality of BIO', [], 'quality'),
] as const satisfies readonly CrewMember[]

/** Days after which what people do wrong begins anew. */
export const storyDays = 10
