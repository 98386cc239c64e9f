import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { findPackmlState, packmlStates } from './packml.ts'
import { afterCommand, packmlCommands } from './packml-table.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/opcua/opcua-state-machines.json')
const Transition = z.object({ from: z.string(), to: z.string(), cause: z.array(z.string()) })
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

/** The simple states within one that holds others, and the one that is entered first. */
const running = packmlStates.map(({ name }) => name).filter((name) => !/^(Abort|Stop|Clear)/.test(name))
const cleared = [...running, 'Clearing', 'Stopping', 'Stopped']
const within = (name: string): readonly string[] =>
  name === 'Running' ? running : name === 'Cleared' ? cleared : [name]
const entered: Readonly<Record<string, string>> = { Running: 'Resetting', Cleared: 'Clearing' }

test('[PKM-1-3] the commands of the PackML node set lead from and to the same states, and there are no others', () => {
  const named = (cause: string): string => (cause === 'ToComplete' ? 'Complete' : cause)
  const expected = Object.values(PackML).flatMap((transitions) =>
    transitions.flatMap(({ from, to, cause }) =>
      cause.flatMap((each) => within(from).map((state) => `${state} ${named(each)} ${entered[to] ?? to}`)),
    ),
  )
  const own = packmlStates.flatMap(({ name }) =>
    packmlCommands.flatMap((command) => {
      const to = afterCommand(name, command)
      return to === undefined ? [] : [`${name} ${command} ${to}`]
    }),
  )
  expect(own.sort()).toEqual([...new Set(expected)].sort())
})
