import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { findPackmlState, packmlStates } from './packml.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/opcua/opcua-state-machines.json')
const Transition = z.object({ from: z.string(), to: z.string() })
const { PackML } = z
  .object({ PackML: z.record(z.string(), z.array(Transition)) })
  .parse(JSON.parse(readFileSync(file, 'utf8')))

/** States that only hold others: a machine says which of those it is in. */
const composite = ['Cleared', 'Running']
const names = [
  ...new Set(Object.values(PackML).flatMap((transitions) => transitions.flatMap(({ from, to }) => [from, to]))),
]

test('[PKM-1] every state of the PackML node set is mapped, and none is invented', () => {
  const simple = names.filter((name) => !composite.includes(name)).sort()
  expect(packmlStates.map(({ name }) => name).sort()).toEqual(simple)
  for (const name of simple) expect(findPackmlState(name)?.name).toBe(name)
})
