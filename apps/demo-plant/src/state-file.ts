import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { PeopleState } from './people/people.ts'
import type { PlantSnapshot } from './simulator.ts'

const Snapshot = z.object({
  seed: z.number(),
  epochMs: z.number(),
  atMs: z.number(),
  assets: z.record(z.string(), z.object({ state: z.unknown(), random: z.tuple([z.int(), z.int(), z.int(), z.int()]) })),
  open: z.record(z.string(), z.object({ state: z.string(), fromMs: z.number(), why: z.string().optional() })),
})

const State = z.object({
  version: z.literal(1),
  /** When live operation began: the end of the back-fill. */
  liveFromMs: z.number(),
  /** Length of the truth that belongs to this state, bytes. */
  truthBytes: z.int().nonnegative(),
  /** Batches of the back-fill that the server has committed; `done` when all. */
  backfill: z.object({ acknowledged: z.int().nonnegative(), done: z.boolean() }),
  /** Values handed to the protocol servers since live operation began, by tag path. */
  published: z.record(z.string(), z.int()),
  plant: Snapshot,
  /** How far the simulated people are; absent = they have not begun. */
  people: PeopleState.optional(),
})

/** What a demo plant needs to go on after a stop or a crash. */
export interface PlantState extends Omit<z.infer<typeof State>, 'plant'> {
  readonly plant: PlantSnapshot
}

/** The saved state; `undefined` when there is none, or none of this seed that can be read: then the plant begins anew. */
export function loadState(path: string, seed: number): PlantState | undefined {
  if (!existsSync(path)) return undefined
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
  const parsed = State.safeParse(json)
  return parsed.success && parsed.data.plant.seed === seed ? parsed.data : undefined
}

/** Written beside and renamed over: a crash leaves the old state or the new one. */
export function saveState(path: string, state: PlantState): void {
  writeFileSync(`${path}.new`, JSON.stringify(state))
  renameSync(`${path}.new`, path)
}
