import type { Random } from './random.ts'

/** Parts that a finishing tool makes before it is changed. */
export const toolLife = 60
/** The operator corrects the offset after so many measured parts. */
export const operatorEvery = 10

/** What a tool starts with. */
export const newTool = { toolUses: 0, offset: 0, sinceCorrection: 0, sumMeasured: 0, chip: 0 } as const

const sigmaUm = 2
const gaugeSigmaUm = 0.8

/** How much too wide or narrow a bore gets by the wear of the tool, in µm, after `uses` parts. */
export function wear(uses: number): number {
  return 0.35 * uses + 4 * (1 - Math.exp(-uses / 8))
}

/** Error of the bore of the next part, in µm; the offset takes away what it is set to, a chipped edge adds to it. */
export function boreError(uses: number, offset: number, random: Random, chip = 0): number {
  return wear(uses) + chip - offset + random.normal(sigmaUm)
}

/** What a chip out of the edge makes of the bores, in µm (E03). */
export const chipUm = 9

/** What the gauge says of it. */
export function measured(error: number, random: Random): number {
  return error + random.normal(gaugeSigmaUm)
}
