import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { DomainError, messageOf } from '@throughline/kernel'
import { drawsFrom } from '@throughline/testkit'
import { makeOriginal } from './tamper/original.ts'
import type { Outcome } from './tamper/tamper.ts'
import { isDetected, Yard } from './tamper/tamper.ts'
import type { Way } from './tamper/way.ts'
import { allWays } from './tamper/ways.ts'

/** `npm run tamper [-- --seed N] [--only WORDS]`: is everything that somebody does to a ledger found and named? */
const lanes = 2
const requestsABurst = 45
const folder = await mkdtemp(join(tmpdir(), 'throughline-tamper-'))
try {
  const { seed, ways } = readArguments()
  console.log(`Seed ${seed}`)
  const original = await makeOriginal(folder, seed, requestsABurst)
  const { leaves, sealed, checkpoints } = original
  console.log(`Original: ${leaves.length} leaves, ${sealed} of them sealed under ${checkpoints.length} checkpoints`)
  const yard = await Yard.open(original)
  const draw = drawsFrom(seed)
  const waiting = ways.flatMap((way) => Array.from({ length: way.times }, () => ({ way, number: draw(2 ** 31) })))
  const outcomes: Outcome[] = []
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const outcome = await yard.try(next.way, next.number)
        outcomes.push(outcome)
        tell(outcome)
      }
    }),
  ).finally(() => yard.close())
  const detected = outcomes.filter(isDetected).length
  if (detected < outcomes.length) process.exitCode = 1
  console.log(JSON.stringify({ tampered: outcomes.length, detected }))
} catch (error) {
  console.error(messageOf(error))
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

function tell(outcome: Outcome): void {
  const { way, target, product, bundle, instead } = outcome
  console.log(`\n${isDetected(outcome) ? 'found' : 'NOT FOUND'}  ${way}`)
  console.log(`  done to  ${target}`)
  console.log(`  product  ${product ?? 'did not name it'}`)
  console.log(`  bundle   ${bundle ?? 'did not name it'}`)
  for (const line of instead) console.log(`  instead  ${line}`)
}

function readArguments(): { seed: number; ways: readonly Way[] } {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, only: { type: 'string' } } })
  const seed = Number(values.seed ?? Date.now() % 100_000)
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new DomainError('invalid', 'tamper.seed-invalid', 'The seed is a whole number, as --seed 7')
  }
  const ways = allWays.filter(({ name }) => name.includes(values.only ?? ''))
  if (ways.length === 0) {
    throw new DomainError('invalid', 'tamper.way-unknown', `No way of tampering is called "${values.only}"`)
  }
  return { seed, ways }
}
