import type { SignatureMeaning, SigningMethod, SigningPreparation } from '@throughline/model'

/** What the button says: `Sign as approved`. */
export const signAs = (meaning: SignatureMeaning): string => `Sign as ${meaning}`

export const methodLabel: Readonly<Record<SigningMethod, string>> = {
  password: 'Name and password',
  passkey: 'Passkey',
  badge: 'Badge and PIN',
}

/** What a signature means in law, in one line. */
export const bindingNote = 'Your electronic signature binds you like one by your own hand.'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The local time of a signature as it was written, for people: `22 Nov 2026 21:05:03 UTC+01:00`. */
export function signedTimeText(localTime: string): string {
  const [, year, month, day, time, offset] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)([+-]\d\d:\d\d)$/.exec(localTime) ?? []
  if (year === undefined) return localTime
  return `${Number(day)} ${months[Number(month) - 1]} ${year} ${time} UTC${offset}`
}

/** What somebody has put into the sheet up to now. */
export interface SheetEntries {
  readonly reason: string
  readonly method: SigningMethod
  readonly name: string
  readonly secret: string
  readonly badge: string
}

/** What is missing before this can be signed, by field; empty = nothing. */
export function missingEntries(
  entries: SheetEntries,
  components: SigningPreparation['components'],
): Partial<Record<keyof SheetEntries, string>> {
  const { reason, method, name, secret, badge } = entries
  return {
    ...(reason.trim().length < 3 ? { reason: 'Say why you sign' } : {}),
    ...(method === 'password' && components === 'both' && name.trim() === '' ? { name: 'Give your name' } : {}),
    ...(method === 'badge' && components === 'both' && badge === '' ? { badge: 'Hold your badge to the reader' } : {}),
    ...(method !== 'passkey' && secret === ''
      ? { secret: method === 'badge' ? 'Give your PIN' : 'Give your password' }
      : {}),
  }
}
