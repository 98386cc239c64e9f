import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@throughline/kernel'
import { reconcile } from '@throughline/platform'
import { z } from 'zod'
import type { Said } from './finding.ts'
import type { Original } from './original.ts'
import type { Premises, Product } from './product.ts'
import { startProduct } from './product.ts'

/** What the product says of what it finds. */
export interface ProductSays {
  readonly found: readonly Said[]
  /** Whether there is a bundle of the whole ledger; else why there is none. */
  readonly refusedBundle: Said | null
}

/**
 * Starts the product where somebody tampered, lets it check everything, and has it export all that it has.
 * Only words count: an error that is none of the product's own is thrown.
 */
export async function askProduct(
  premises: Premises,
  original: Original,
  bundleFile: string | null,
  during: ((product: Product) => Promise<void>) | undefined,
): Promise<ProductSays> {
  let product: Product
  try {
    product = await startProduct(premises, original.clock)
  } catch (error) {
    const refusal = refusalOf(error)
    return { found: [refusal], refusedBundle: refusal }
  }
  try {
    await during?.(product)
    const { findings } = await product.ledger.check()
    const all = [...findings, ...(await reconcile(product.owner, product.tables))]
    const found = all.map(({ finding, place, message }) => ({ kind: finding, place, words: message }))
    return { found, refusedBundle: bundleFile === null ? null : await exportAll(product, bundleFile) }
  } finally {
    await product.stop()
  }
}

async function exportAll({ ledger }: Product, file: string): Promise<Said | null> {
  try {
    await ledger.checkpoint()
    const to = (await ledger.status()).checkpoint?.size ?? 0
    await pipeline(Readable.from(ledger.exportBundle({ kind: 'places', from: 0, to })), createWriteStream(file))
    return null
  } catch (error) {
    return refusalOf(error)
  }
}

function refusalOf(error: unknown): Said {
  if (!(error instanceof DomainError)) throw error
  return { kind: error.code, place: null, words: error.message }
}

const verifier = fileURLToPath(new URL('../../apps/verify/src/main.ts', import.meta.url))

const Verdict = z.object({
  verdict: z.string(),
  finding: z.object({ place: z.number().nullable(), what: z.string(), record: z.string().nullable() }).nullable(),
})

/** What the offline check says to a stranger who has the key and the checkpoints that were handed out. */
export async function askVerifier(bundle: string, { witness, key }: Original): Promise<Said> {
  const child = spawn(process.execPath, [verifier, bundle, '--checkpoint', witness, '--key', key, '--json'])
  const [output, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (output === '') throw new Error(`the offline check said nothing but: ${complaint}`)
  const { verdict, finding } = Verdict.parse(JSON.parse(output))
  const words = finding === null ? '' : `${finding.what}${finding.record === null ? '' : ` (${finding.record})`}`
  return { kind: verdict, place: finding?.place ?? null, words }
}
