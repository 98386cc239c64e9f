import type { Instant } from '@throughline/kernel'
import type { Piece } from './pieces.ts'
import type { StoredStop } from './stored-stop.ts'

/** Which stop goes on as which piece, and what is left over on both sides. */
interface Match {
  readonly kept: readonly { readonly stop: StoredStop; readonly piece: Piece }[]
  readonly vanished: readonly StoredStop[]
  readonly added: readonly Piece[]
}

interface Pair {
  readonly stop: StoredStop
  readonly piece: Piece
  readonly overlap: number
}

/**
 * Gives each piece the stop that it overlaps most. Where several ask for one piece, a stop of which people said something
 * goes before one of which nobody did. What is open counts up to `at`.
 */
export function matchPieces(
  stops: readonly StoredStop[],
  pieces: readonly Piece[],
  isTold: (stop: StoredStop) => boolean,
  at: Instant,
): Match {
  const taken = new Map<StoredStop, Piece>()
  const used = new Set<Piece>()
  for (const { stop, piece } of pairsOf(stops, pieces, at).sort((a, b) => rank(a, b, isTold))) {
    if (taken.has(stop) || used.has(piece)) continue
    taken.set(stop, piece)
    used.add(piece)
  }
  return {
    kept: [...taken].map(([stop, piece]) => ({ stop, piece })),
    vanished: stops.filter((stop) => !taken.has(stop)),
    added: pieces.filter((piece) => !used.has(piece)),
  }
}

function rank(a: Pair, b: Pair, isTold: (stop: StoredStop) => boolean): number {
  return Number(isTold(b.stop)) - Number(isTold(a.stop)) || b.overlap - a.overlap || a.stop.from - b.stop.from
}

/** Both lists are in order of time, so each stop meets only few pieces: a month of stops is walked through once. */
function pairsOf(stops: readonly StoredStop[], pieces: readonly Piece[], at: Instant): Pair[] {
  const pairs: Pair[] = []
  let first = 0
  for (const stop of stops) {
    while (first < pieces.length && endAt(pieces[first] as Piece, at) <= stop.from) first++
    for (let index = first; index < pieces.length; index++) {
      const piece = pieces[index] as Piece
      if (piece.from >= endAt(stop, at)) break
      const overlap = overlapOf(stop, piece, at)
      if (overlap > 0) pairs.push({ stop, piece, overlap })
    }
  }
  return pairs
}

export const overlapOf = (
  a: { readonly from: Instant; readonly to: Instant | null },
  b: { readonly from: Instant; readonly to: Instant | null },
  at: Instant,
): number => Math.min(endAt(a, at), endAt(b, at)) - Math.max(a.from, b.from)

/** An open one has lasted for a moment at least, even one that began just now. */
const endAt = (range: { readonly from: Instant; readonly to: Instant | null }, at: Instant): number =>
  range.to ?? Math.max(at, range.from + 1)
