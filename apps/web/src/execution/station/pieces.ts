import type { getRun, OperationRun, RunPiece } from '@throughline/model'
import type { z } from 'zod'

/** The pieces of a run as it is shown; of what is not read yet, all are to be done. */
export function piecesOf(
  { subjects, subjectCodes, quantity }: Pick<OperationRun, 'subjects' | 'subjectCodes' | 'quantity'>,
  known: readonly RunPiece[],
): RunPiece[] {
  return subjects.map(
    (id, index) =>
      known.find((piece) => piece.id === id) ?? {
        ...{ id, code: subjectCodes[index] ?? '', state: 'to-do', waitsFor: [] },
        quantity: subjects.length > 1 ? ('1' as RunPiece['quantity']) : quantity,
      },
  )
}

/** What is done for: neither scrap nor on its way back. */
export const isThere = ({ state }: RunPiece): boolean => state !== 'scrapped' && state !== 'rework'

/** Pieces that can be begun with now. */
export const startable = (pieces: readonly RunPiece[]): RunPiece[] =>
  pieces.filter((piece) => isThere(piece) && piece.waitsFor.length === 0)

/** The piece that a scan names, by its code or by a label that holds it. */
export const pieceBy = <Piece extends { readonly code: string }>(
  pieces: readonly Piece[],
  scan: string,
): Piece | undefined => pieces.find(({ code }) => names(scan, code))

/** Whether a label names a code: as it stands, or as batch or serial of a GS1 element string. */
export function names(text: string, code: string): boolean {
  const [read, wanted] = [text.trim().toLowerCase(), code.toLowerCase()]
  if (read === wanted) return true
  return ['21', '10', '(21)', '(10)'].some(
    (mark) => read.endsWith(`${mark}${wanted}`) && read.length > wanted.length + 2,
  )
}

/**
 * Which pieces are begun with once somebody picked one: the first pick takes the place of "all of them", another pick adds,
 * and picking again takes it away.
 */
export function pickedAfter(picked: readonly string[] | undefined, id: string): string[] | undefined {
  if (picked === undefined) return [id]
  const next = picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id]
  return next.length === 0 ? undefined : next
}

/** `Scrap: BRK-3; back for rework: BRK-4, BRK-5`; undefined = all are here. */
export function goneText(pieces: readonly RunPiece[]): string | undefined {
  const codes = (state: RunPiece['state']): string =>
    pieces.flatMap((piece) => (piece.state === state ? [piece.code] : [])).join(', ')
  const [scrap, rework] = [codes('scrapped'), codes('rework')]
  const told = [...(scrap === '' ? [] : [`Scrap: ${scrap}`]), ...(rework === '' ? [] : [`back for rework: ${rework}`])]
  const words = told.join('; ')
  return words === '' ? undefined : `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** What was said of a piece where it was sent back. */
export type SentBack = z.output<typeof getRun.output>['sentBack'][number]

/** `Sent back from 30 Trim: edge too long (BRK-3, BRK-4)`: a line for each reason. */
export function sentBackTexts(sentBack: readonly SentBack[], pieces: readonly RunPiece[]): string[] {
  const told = Map.groupBy(sentBack, ({ by, reason }) => `Sent back from ${by.sequence} ${by.name}: ${reason}`)
  return [...told].map(([text, each]) => {
    const codes = each.flatMap(({ lotId }) => pieces.find(({ id }) => id === lotId)?.code ?? [])
    return codes.length === 0 ? text : `${text} (${codes.join(', ')})`
  })
}
