import type { Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import type { RecallDrill } from '@throughline/model'
import { LotStatus } from '@throughline/model'
import { lotStatusWords } from '../../material/lot/lot-words.ts'

type Affected = RecallDrill['affected'][number]

/** Lots as they were scanned or pasted: one a line, or apart by commas, semicolons or spaces; each once. */
export const codesOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((code) => code !== ''))]

export function statusWord(status: string): string {
  const known = LotStatus.safeParse(status)
  return known.success ? lotStatusWords[known.data] : status
}

/** How many lots have which status, most first, and how many there are. */
export function countedStatuses(counts: RecallDrill['counts']): {
  readonly total: number
  readonly byStatus: readonly (readonly [status: string, count: number])[]
} {
  const byStatus = Object.entries(counts).toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
  return { total: byStatus.reduce((sum, [, count]) => sum + count, 0), byStatus }
}

/** Those with this status, if one is given, whose code, material or place holds every word. */
export function fittingLots(
  affected: readonly Affected[],
  status: string | undefined,
  text: string,
): readonly Affected[] {
  const words = text.toLowerCase().split(/\s+/)
  return affected.filter((lot) => {
    if (status !== undefined && lot.status !== status) return false
    const all = `${lot.code} ${lot.material} ${lot.place}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

/** Milliseconds as people say them: `34 ms`, `1.2 s`. */
export const elapsedText = (ms: number): string => (ms < 1000 ? `${Math.ceil(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** A drill as CSV (RFC 4180): what it was, then every piece that it found. */
export function recallCsv(drill: RecallDrill): string {
  const time = (at: Instant | null): string => (at === null ? '' : toIso(at))
  const rows = [
    ['drill', drill.id],
    ['subject', drill.subject],
    ['reason', drill.reason],
    ['begun by', drill.begunBy],
    ['begun', time(drill.begunAt)],
    ['found after ms', String(drill.elapsedMs)],
    ['ended', time(drill.endedAt)],
    ['conclusion', drill.conclusion],
    [],
    ['lot', 'material', 'status', 'place', 'quantity', 'unit', 'steps away'],
    ...drill.affected.map(({ code, material, status, place, quantity, unit, depth }) => [
      ...[code, material, status, place, quantity, unit, String(depth)],
    ]),
  ]
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** A text that a spreadsheet would take for a formula is shown to it as text. */
function cell(text: string): string {
  const guarded = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
