import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { jobTransitions } from '../testing/job-control.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/opcua/opcua-state-machines.json')
const Transition = z.object({ from: z.string(), to: z.string(), cause: z.array(z.string()) })
const { ISA95JobControl: nodeSet } = z
  .object({ ISA95JobControl: z.record(z.string(), z.array(Transition)) })
  .parse(JSON.parse(readFileSync(file, 'utf8')))

test('[JOB-1] the table of states and methods that orders are held to is that of the job control node set', () => {
  const published = nodeSet['ISA95JobOrderReceiverObjectType']?.map(
    ({ from, to, cause: [method = null] }) => `${from} ${method} ${to}`,
  )
  expect(jobTransitions.map(([from, method, to]) => `${from} ${method} ${to}`).sort()).toEqual(published?.sort())
})
