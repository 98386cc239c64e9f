import type { Instant } from '@throughline/kernel'
import type { RecallDrill } from '@throughline/model'
import { Sheet } from '@throughline/platform'
import type { Proof } from '../as-built/document/words.ts'
import { checkpointWords, unknown } from '../as-built/document/words.ts'
import { levelsOf } from './rules.ts'

/** One version of the drill in the ledger: its beginning, or its end. */
export interface DrillVersion {
  readonly version: number
  readonly hash: string
  readonly at: Instant
  readonly by: string
  readonly roles: readonly string[]
  readonly operation: string
}

export interface RecallContents {
  readonly drill: RecallDrill
  readonly plant: string
  /** Oldest first. */
  readonly versions: readonly DrillVersion[]
  readonly proof: Proof
  readonly at: Instant
  readonly timeText: (at: Instant) => string
}

/** A recall drill as an archivable PDF (PDF/A-3b): how long it took, what it found by level, who ran it, and what proves it. */
export async function recallDocument(contents: RecallContents): Promise<Buffer> {
  const { drill, plant, at, timeText } = contents
  const title = `Recall drill: ${drill.subject}`
  const sheet = new Sheet({ title, subject: drill.subject, author: plant, producer: 'Throughline', at })
  sheet.heading(1, title)
  writeHead(sheet, contents)
  writeTiming(sheet, contents)
  writeLevels(sheet, drill)
  writePieces(sheet, drill)
  writeProof(sheet, contents)
  sheet.attach(
    'recall-drill.json',
    JSON.stringify({ format: 'throughline-recall/1', ...contents }, null, 1),
    'The same as data',
  )
  return sheet.finish(`${title} · ${timeText(at)}`)
}

function writeHead(sheet: Sheet, { drill, plant, versions, timeText, at }: RecallContents): void {
  sheet.field('Plant', plant)
  sheet.field('What was suspect', drill.subject)
  sheet.field('Why', drill.reason)
  sheet.field('Begun by', whoOf(versions.at(0)) ?? drill.begunBy)
  const last = versions.length > 1 ? whoOf(versions.at(-1)) : undefined
  sheet.field('Ended by', drill.endedAt === null ? 'not ended' : (last ?? unknown))
  sheet.field('Conclusion', drill.endedAt === null ? 'not ended' : drill.conclusion)
  sheet.field('This report', timeText(at))
}

const whoOf = (version: DrillVersion | undefined): string | undefined =>
  version === undefined ? undefined : [version.by, ...version.roles].join(', ')

function writeTiming(sheet: Sheet, { drill, timeText }: RecallContents): void {
  const { begunAt, endedAt, elapsedMs, affected } = drill
  sheet.heading(2, 'How long it took')
  sheet.field('Asked', timeText(begunAt))
  const found = `${affected.length} ${affected.length === 1 ? 'lot or serial' : 'lots and serials'}`
  sheet.field('All found after', `${durationWords(elapsedMs)}: ${found}, with the place and status of each`)
  sheet.field('Ended', endedAt === null ? 'not ended' : timeText(endedAt))
  if (endedAt !== null) sheet.field('From asking to end', durationWords((endedAt - begunAt) / 1000))
}

/** `34 ms`, `2.5 s`, `3 h 20 min`. */
function durationWords(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.round(ms / 60_000)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function writeLevels(sheet: Sheet, { affected }: RecallDrill): void {
  sheet.heading(2, 'What was found, by level')
  if (affected.length === 0) {
    sheet.paragraph('Nothing was made with it, and nothing of it is known.')
    return
  }
  sheet.paragraph('Level 0 is what is suspect itself; level 1 what it went into; and so on to the end.', {
    isQuiet: true,
  })
  sheet.table(
    [
      { title: 'Level', share: 0.1 },
      { title: 'Lots and serials', share: 0.16 },
      { title: 'Of materials', share: 0.34 },
      { title: 'By status', share: 0.4 },
    ],
    levelsOf(affected).map(({ depth, count, materials, statuses }) => [
      ...[String(depth), String(count), countWords(materials), countWords(statuses)],
    ]),
  )
}

const countWords = (counts: readonly (readonly [name: string, count: number])[]): string =>
  counts.map(([name, count]) => `${count} ${name}`).join(', ')

/** Together where they lie together: ten thousand rows of a table would keep the server busy for a minute. */
function writePieces(sheet: Sheet, { affected }: RecallDrill): void {
  if (affected.length === 0) return
  sheet.heading(2, 'Every lot and serial, and where it was then')
  const together = Map.groupBy(affected, ({ depth, material, status, place }) =>
    [`Level ${depth}: ${material}, ${status}`, place === '' ? `place ${unknown}` : place].join(', '),
  )
  for (const [where, lots] of together) {
    sheet.field(where, lots.map(amountWords).join(', '))
  }
}

const amountWords = ({ code, quantity, unit }: RecallDrill['affected'][number]): string =>
  quantity === '1' && unit === '1' ? code : `${code} (${quantity}${unit === '1' ? '' : ` ${unit}`})`

function writeProof(sheet: Sheet, { drill, versions, proof, timeText }: RecallContents): void {
  sheet.heading(2, 'What proves it')
  sheet.paragraph(
    'The drill is a record of the ledger of the plant, with each version of it. A bundle of this record proves them without this product.',
  )
  sheet.field('Record', `traceability.recall_drill ${drill.id}`)
  sheet.field('Ledger', proof.ledger)
  sheet.field('Key 1', proof.keys[0] ?? unknown)
  sheet.field('Checkpoint', checkpointWords(proof, timeText))
  sheet.table(
    [
      { title: 'Version', share: 0.08 },
      { title: 'When', share: 0.2 },
      { title: 'Who', share: 0.14 },
      { title: 'Operation', share: 0.18 },
      { title: 'SHA-256', share: 0.4 },
    ],
    versions.map(({ version, at, by, operation, hash }) => [String(version), timeText(at), by, operation, hash]),
  )
}
