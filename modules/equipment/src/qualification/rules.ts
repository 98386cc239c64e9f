import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { EquipmentNode, EquipmentQualification } from '@throughline/model'

/**
 * Why a special process may not be done on equipment at an instant, in words with what to do; undefined = it may.
 *
 * @param granted what was ever granted to it, or to what it belongs to
 */
export function processProblem(
  name: string,
  granted: readonly EquipmentQualification[],
  process: string,
  at: Instant,
  timeText: (at: Instant) => string,
): string | undefined {
  const own = granted.filter((each) => each.process.toLowerCase() === process.toLowerCase())
  const isRevoked = ({ revoked }: EquipmentQualification): boolean => revoked !== null && revoked.at <= at
  const living = own.filter((each) => !isRevoked(each))
  if (living.some(({ validFrom, validTo }) => validFrom <= at && (validTo === null || at < validTo))) return undefined
  const what = `${name} is not qualified for ${process}`
  const next = living.filter(({ validFrom }) => validFrom > at).sort((a, b) => a.validFrom - b.validFrom)[0]
  if (next !== undefined) return `${what} before ${timeText(next.validFrom)}: take other equipment, or wait`
  const last = living.flatMap(({ validTo }) => validTo ?? []).sort((a, b) => b - a)[0]
  if (last !== undefined) return `${what} since ${timeText(last)}: have it qualified anew, or take other equipment`
  const [gone] = own.flatMap(({ revoked }) => revoked ?? [])
  if (gone !== undefined) return `${what} any more: it was revoked by ${gone.by}, ${gone.reason}`
  return `${what}: have it qualified, or take other equipment`
}

/** @throws DomainError `invalid` for a qualification that cannot be */
export function assertQualifiable(
  { path, level }: Pick<EquipmentNode, 'path' | 'level'>,
  { validFrom, validTo }: Pick<EquipmentQualification, 'validFrom' | 'validTo'>,
): void {
  if (level === 'enterprise' || level === 'site' || level === 'area') {
    throw new DomainError(
      'invalid',
      'equipment.qualification-place',
      `${path} is a ${level}: qualify the work center or unit on which the process is done`,
      { path },
    )
  }
  if (validTo === null || validTo > validFrom) return
  throw new DomainError(
    'invalid',
    'equipment.qualification-window',
    `The qualification of ${path} would end before it begins: set its end after its beginning`,
    { path },
  )
}
