import { ucum } from '@atomic-ehr/ucum'
import { z } from 'zod'

/**
 * A UCUM code, case-sensitive: `Cel`, `bar`, `L/min`, `%`; `1` for a bare number. Checked against UCUM's grammar and
 * its table of atoms. Source: https://ucum.org
 */
export const UcumUnit = z
  .string()
  .min(1)
  .max(40)
  .refine(isUnit, { error: (issue) => `"${String(issue.input)}" is not a UCUM unit code` })

function isUnit(code: string): boolean {
  // UCUM codes are visible ASCII (UCUM §1); the library would trim a space away and take "bar " for "bar".
  if (!/^[!-~]*$/.test(code)) return false
  try {
    return ucum.validate(code).valid
  } catch {
    // For a character that UCUM's grammar does not know, the library throws instead of answering.
    return false
  }
}
