import type { Deviation, Disposition } from '@throughline/model'

export const deviationStateWords: Readonly<Record<Deviation['state'], string>> = {
  open: 'Open',
  closed: 'Closed',
  void: 'Void',
}

export const severityWords: Readonly<Record<Deviation['severity'], string>> = {
  minor: 'Minor',
  major: 'Major',
  critical: 'Critical',
}

export const causeWords: Readonly<Record<Deviation['cause']['kind'], string>> = {
  'gate-override': 'a gate that was overridden',
  'limit-breach': 'a value outside its limits',
  refusal: 'a refusal',
  alarm: 'an alarm',
  inspection: 'an inspection',
  calibration: 'a calibration',
  person: 'a person',
}

export const dispositionWords: Readonly<Record<Disposition, string>> = {
  'use-as-is': 'Use as is',
  rework: 'Rework',
  repair: 'Repair',
  scrap: 'Scrap',
  'return-to-supplier': 'Return to the supplier',
  'no-product-affected': 'No product affected',
}
