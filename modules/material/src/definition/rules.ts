import { DomainError } from '@throughline/kernel'
import type { MaterialDefinition } from '@throughline/model'
import { checkDigit } from '../scan/gs1.ts'

/** @throws DomainError `invalid` naming what cannot be */
export function assertDefinition({ code, gtin }: Pick<MaterialDefinition, 'code' | 'gtin'>): void {
  if (gtin === null) return
  const right = checkDigit(gtin.slice(0, -1))
  if (gtin.endsWith(right)) return
  throw wrong('gtin', `The GTIN ${gtin} of ${code} has a wrong check digit: it should end in ${right}`)
}

/**
 * What a material is counted in cannot change under its code: lots and bills of material of every version stand beside
 * each other.
 *
 * @throws DomainError `invalid`
 */
export function assertFits(
  { code, control, unit }: Pick<MaterialDefinition, 'code' | 'control' | 'unit'>,
  newest: Pick<MaterialDefinition, 'control' | 'unit' | 'version'>,
): void {
  if (newest.unit !== unit) {
    throw wrong('unit', `${code} is counted in ${newest.unit}: what is counted in ${unit} needs a code of its own`)
  }
  if (newest.control !== control) {
    throw wrong('control', `${code} is controlled by ${newest.control}: give the other one a code of its own`)
  }
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid', 'material.definition-invalid', message, { fields: [{ path, message }] })
