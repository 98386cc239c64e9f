import type { RecordRef, SigningPreparation } from '@throughline/model'

/** A version of an equipment class as the ledger names it. */
export const recordOf = (classId: string): RecordRef => ({ kind: 'equipment.class_version', id: classId })

/** How far the signatures of a version have come: `Approved, not released`. */
export function signingWords(steps: SigningPreparation['steps']): string {
  const words = steps.map((step) => (step.state === 'signed' ? step.meaning : `not ${step.meaning}`))
  const text = words.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

/** Whether every signature that the version needs is on it. */
export const isReleased = (steps: SigningPreparation['steps']): boolean =>
  steps.every((step) => step.state === 'signed')
