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
  .refine((code) => ucum.validate(code).valid, { error: (issue) => `"${String(issue.input)}" is not a UCUM unit code` })
