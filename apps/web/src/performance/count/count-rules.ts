import type { CountEntry } from '@throughline/model'

/** Why a correction cannot be sent as it stands; undefined = it can. The server judges whether so many were made. */
export function countProblem(
  entry: Pick<CountEntry, 'quantity' | 'reasonId'>,
  { quantity, reasonId, why }: { readonly quantity: string; readonly reasonId: string | null; readonly why: string },
): string | undefined {
  if (!/^\d+$/.test(quantity.trim())) return 'Give the number of parts; 0 takes it back.'
  if (Number(quantity) === entry.quantity && reasonId === entry.reasonId) {
    return 'Nothing is changed: give another number or reason.'
  }
  return why.trim().length < 3 ? 'Say why, in 3 characters at least.' : undefined
}
