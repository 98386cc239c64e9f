import type { AuditRisk } from '@throughline/model'

/** Why an entry is looked at first, in words. */
export const riskWords: Readonly<Record<AuditRisk, string>> = {
  'manual-change': 'changed by hand',
  refused: 'refused',
  late: 'late or corrected',
  clock: 'clock not trusted',
  administrator: 'by an administrator',
}
