import type { Answer, Cell, Sheet } from './step-sheet.ts'

/** Entries that stand for a step: one, or of material one for each lot. */
export const answersFor = ({ answers }: Pick<Sheet, 'answers'>, { step, subject }: Cell): Answer[] =>
  answers.filter((each) => each.step === step.key && each.subject === subject)
