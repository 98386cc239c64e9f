import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeBundle } from '@throughline/verify/testing'
import { z } from 'zod'

const rounds = 5
const leaves = 1_000_000

const Measured = z.object({
  p50Ms: z.number(),
  p99Ms: z.number(),
  perSecond: z.number(),
  perSecond16: z.number(),
  nodeMs16: z.number(),
  databaseMs16: z.number(),
})
type Measured = z.infer<typeof Measured>

/**
 * What entries, captured rows and the sealed tree cost: the same operation through the same door, in processes that take
 * turns, one with all of it and one whose source was loaded without it. Then a bundle of a million leaves is checked.
 */
export async function operations(): Promise<Record<string, number>> {
  const withAudit: Measured[] = []
  const without: Measured[] = []
  for (let round = 0; round < rounds; round += 1) {
    // The first of two has the colder machine: they change places.
    const order = round % 2 === 0 ? [true, false] : [false, true]
    for (const audited of order) (audited ? withAudit : without).push(await measure(audited))
  }
  const of = (key: keyof Measured): number => median(withAudit.map((each) => each[key]))
  const slowdown = ratio(withAudit, without, 'perSecond')
  say(`16 clients: ${ratio(withAudit, without, 'perSecond16').toFixed(2)} times as slow with audit`)
  return {
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    slowdown: Number(slowdown.toFixed(2)),
    perSecond16: of('perSecond16'),
    verifyMillionSeconds: await verifyMillion(),
  }
}

const ratio = (
  withAudit: readonly Measured[],
  without: readonly Measured[],
  key: 'perSecond' | 'perSecond16',
): number => median(withAudit.map((each, round) => (without[round]?.[key] ?? Number.NaN) / each[key]))

async function measure(audited: boolean): Promise<Measured> {
  const hook = new URL('./without-audit.ts', import.meta.url).href
  const worker = new URL('./operations-process.ts', import.meta.url).pathname
  const output = await run([...(audited ? [] : ['--import', hook]), worker])
  const measured = Measured.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''))
  say(`${audited ? 'with' : 'without'} audit: ${JSON.stringify(measured)}`)
  return measured
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const say = (line: string): void => {
  console.error(line)
}
