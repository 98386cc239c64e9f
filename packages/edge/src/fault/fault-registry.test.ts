import type { Instant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { FaultRegistry } from './fault-registry.ts'

function registry(): { faults: FaultRegistry; lines: string[] } {
  const lines: string[] = []
  const logger = { warn: (_facts: unknown, line?: string) => lines.push(String(line)) }
  return { faults: new FaultRegistry({ now: () => 5 as Instant }, logger as never), lines }
}

test('[SR-6.2] a cause is logged once and counted always', () => {
  const { faults, lines } = registry()
  for (let i = 0; i < 1000; i++) faults.count('edge-1/wfi', 'not-a-number', `sample ${i}`)
  faults.count('edge-1/wfi', 'type-mismatch', 'text')
  expect(lines).toHaveLength(2)
  expect(faults.list()).toMatchObject([
    { source: 'edge-1/wfi', cause: 'not-a-number', count: 1000, example: 'sample 0', firstAt: 5, lastAt: 5 },
    { cause: 'type-mismatch', count: 1 },
  ])
})

test('[SR-7.2!] sources without end do not grow it without end, and are still counted', () => {
  const { faults } = registry()
  for (let i = 0; i < 3000; i++) faults.count(`source-${i}`, 'strange', 'x')
  expect(faults.list().length).toBeLessThanOrEqual(2001)
  expect(faults.list().find((fault) => fault.cause === 'too-many-kinds')?.count).toBe(1000)
})
