import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeBundle } from '@throughline/verify/testing'
import type { Measured, Slice } from './operations-process.ts'
import { nextMessage, percentile } from './plant-under-test.ts'

/** Each so short that both sides of a round meet the same machine: it swings by a third from minute to minute. */
const rounds = 40
const alone: Slice = { width: 1, count: 200 }
const together: Slice = { width: 16, count: 800 }
const leaves = 1_000_000

interface Pair<Of> {
  readonly withAudit: Of
  readonly without: Of
}

type Round = Pair<Measured>

/**
 * What entries, captured rows and the sealed tree cost: the same operation through the same door, in two processes that
 * take turns, one with all of it and one whose source was loaded without it. Then a bundle of a million leaves is checked.
 */
export async function operations(): Promise<Record<string, number>> {
  const [withAudit, without] = await Promise.all([start(true), start(false)])
  const sides = { withAudit, without }
  const single = await compare(sides, alone)
  const sixteen = await compare(sides, together)
  await Promise.all([withAudit.stop(), without.stop()])
  const times = sorted(single.flatMap((round) => round.withAudit.times))
  return {
    p50Ms: rounded(percentile(times, 0.5)),
    p99Ms: rounded(percentile(times, 0.99)),
    slowdown: rounded(slowdown(single)),
    perSecond16: Math.round(median(sixteen.map(({ withAudit }) => withAudit.perSecond))),
    verifyMillionSeconds: await verifyMillion(),
  }
}

async function compare({ withAudit, without }: Pair<Side>, slice: Slice): Promise<Round[]> {
  const measured: Round[] = []
  for (let round = 0; round < rounds; round += 1) {
    // The first of two has the colder machine: they change places.
    if (round % 2 === 0) {
      measured.push({ withAudit: await withAudit.run(slice), without: await without.run(slice) })
    } else {
      const first = await without.run(slice)
      measured.push({ withAudit: await withAudit.run(slice), without: first })
    }
  }
  tell(slice, measured)
  return measured
}

/** The share of its operations a second that audit costs: 0.3 = with it seven where there were ten without it. */
const slowdown = (measured: readonly Round[]): number =>
  1 - median(measured.map(({ withAudit, without }) => withAudit.perSecond / without.perSecond))

function tell({ width }: Slice, measured: readonly Round[]): void {
  const of = (side: keyof Round, key: 'perSecond' | 'nodeMs' | 'databaseMs'): number =>
    rounded(median(measured.map((round) => round[side][key])))
  for (const side of ['withAudit', 'without'] as const) {
    const [perSecond, nodeMs, databaseMs] = [of(side, 'perSecond'), of(side, 'nodeMs'), of(side, 'databaseMs')]
    say(`${width} at once, ${side}: ${JSON.stringify({ perSecond, nodeMs, databaseMs })}`)
  }
  const lost = slowdown(measured)
  say(
    `${width} at once: ${rounded(lost * 100)} % fewer a second with audit, ${rounded(1 / (1 - lost))} times as long each`,
  )
}

interface Side {
  run(slice: Slice): Promise<Measured>
  stop(): Promise<void>
}

async function start(audited: boolean): Promise<Side> {
  const hook = new URL('./without-audit.ts', import.meta.url).href
  const child = fork(new URL('./operations-process.ts', import.meta.url), {
    execArgv: audited ? [] : ['--import', hook],
    serialization: 'advanced',
  })
  await nextMessage(child)
  return {
    async run(slice) {
      child.send(slice)
      return await nextMessage<Measured>(child)
    },
    async stop() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function verifyMillion(): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'throughline-bench-'))
  try {
    const file = join(dir, 'million.bundle')
    say('writing a bundle of a million leaves …')
    await pipeline(makeBundle({ leaves }), createWriteStream(file))
    const before = performance.now()
    const verdict = await run([new URL('../apps/verify/src/main.ts', import.meta.url).pathname, file, '--json'])
    say(verdict.trim().slice(0, 300))
    return Number(((performance.now() - before) / 1000).toFixed(1))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`${args.at(-1)} ended with ${code}`)
  return output
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)

const median = (values: readonly number[]): number => percentile(sorted(values), 0.5)

const rounded = (value: number): number => Number(value.toFixed(2))

const say = (line: string): void => {
  console.error(line)
}
