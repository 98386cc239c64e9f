import { DomainError } from '@throughline/kernel'
import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { takeNumbers } from '../number/store.ts'
import { listTakenCodes } from './store.ts'

/** What a series of numbers looks like. */
interface Series {
  readonly name: string
  readonly code: (number: number) => string
}

export const lotSeries: Series = { name: 'lot', code: (number) => `L-${String(number).padStart(6, '0')}` }

export const serialSeries = (product: string): Series => ({
  name: `serial:${product.toLowerCase()}`,
  code: (number) => `${product}-${String(number).padStart(5, '0')}`,
})

/** For each null the next number of the series; a number that somebody gave by hand is passed over. */
export async function giveCodes(
  trx: Kysely<Tables>,
  asked: readonly (string | null)[],
  series: Series,
): Promise<string[]> {
  const given = asked.filter((code) => code !== null)
  await assertFree(trx, given)
  const fresh: string[] = []
  for (let missing = asked.length - given.length; missing > 0; missing = asked.length - given.length - fresh.length) {
    const next = (await takeNumbers(trx, series.name, missing)).map(series.code)
    const long = next.find((code) => code.length > 60)
    if (long !== undefined) throw codeTooLong(long)
    const taken = new Set([...(await listTakenCodes(trx, next)), ...given].map((code) => code.toLowerCase()))
    fresh.push(...next.filter((code) => !taken.has(code.toLowerCase())))
  }
  return asked.map((code) => code ?? fresh.shift() ?? '')
}

async function assertFree(trx: Kysely<Tables>, codes: readonly string[]): Promise<void> {
  const lower = codes.map((code) => code.toLowerCase())
  const twice = codes.filter((code, index) => lower.indexOf(code.toLowerCase()) < index)
  const taken = [...new Set([...twice, ...(await listTakenCodes(trx, codes))])]
  if (taken.length === 0) return
  const named = `${taken.slice(0, 5).join(', ')}${taken.length > 5 ? ` and ${taken.length - 5} more` : ''}`
  throw new DomainError(
    'conflict',
    'material.lot-code-taken',
    `${named}: there is such a lot or serial already; numbers are given once in the plant`,
    { codes: taken },
  )
}

const codeTooLong = (code: string): DomainError =>
  new DomainError(
    'invalid',
    'material.lot-code-too-long',
    `The next number would be ${code}, which is longer than 60 characters: give the numbers yourself`,
  )
