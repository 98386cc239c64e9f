import type { Instant } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import { Sheet } from '@throughline/platform'
import { writeFindings } from './findings.ts'
import { writeRuns } from './runs.ts'
import type { Proof } from './words.ts'
import { checkpointWords, signatureWords, unknown } from './words.ts'

export interface DocumentContents {
  readonly asBuilt: AsBuilt
  readonly plant: string
  readonly proof: Proof
  /** The same as data. */
  readonly json: string
  readonly timeText: (at: Instant) => string
}

/** The as-built record for people, as an archivable PDF (PDF/A-3b) that needs nothing else; the same as data is attached. */
export async function documentOf(contents: DocumentContents): Promise<Buffer> {
  const { asBuilt, plant, json } = contents
  const title = `As-built record of ${asBuilt.lot.code}`
  const subject = `${asBuilt.product.code} ${asBuilt.lot.code}`
  const sheet = new Sheet({ title, subject, author: plant, producer: 'Throughline', at: asBuilt.at })
  sheet.heading(1, title)
  writeHead(sheet, contents)
  writeUnknown(sheet, asBuilt)
  writeVersions(sheet, contents)
  writeGenealogy(sheet, contents)
  writeRuns(sheet, asBuilt, contents.timeText)
  writeFindings(sheet, asBuilt, contents.timeText)
  writeFiles(sheet, asBuilt)
  writeRecords(sheet, contents)
  sheet.attach('as-built.json', json, 'The same as data')
  return sheet.finish(`${title} · ${contents.timeText(asBuilt.at)}`)
}

function writeHead(sheet: Sheet, { asBuilt, plant, timeText }: DocumentContents): void {
  const { lot, product, order, place, at, containers } = asBuilt
  const { drawing } = product
  sheet.field('Plant', plant)
  sheet.field('Product', product.name === null ? product.code : `${product.code}, ${product.name}`)
  sheet.field('Drawing', drawing === null ? unknown : `${drawing.number}, revision ${drawing.revision}`)
  sheet.field(lot.control === 'serial' ? 'Serial number' : 'Lot', lot.code)
  sheet.field('Quantity', `${lot.quantity}${lot.unit === '1' ? '' : ` ${lot.unit}`}`)
  sheet.field('Status', lot.statusReason === '' ? lot.status : `${lot.status}: ${lot.statusReason}`)
  sheet.field('Place', [place ?? unknown, lot.place].filter((part) => part !== '').join(', '))
  if (containers.length > 0) sheet.field('Packed in', containers.map(({ kind, sscc }) => `${kind} ${sscc}`).join(', '))
  sheet.field('Made', timeText(lot.madeAt))
  if (lot.expiresAt !== null) sheet.field('Expires', timeText(lot.expiresAt))
  if (order === null) sheet.field('Order', unknown)
  else {
    const { code, quantity, state, reference, createdBy, createdAt, releasedAt } = order
    sheet.field(
      'Order',
      `${code}, ${quantity} of ${order.product}, ${state}${reference === '' ? '' : `, for ${reference}`}`,
    )
    const released = releasedAt === null ? '' : `; released ${timeText(releasedAt)}`
    sheet.field('', `Ordered by ${createdBy}, ${timeText(createdAt)}${released}`)
  }
  sheet.field('Put together', timeText(at))
}

function writeUnknown(sheet: Sheet, { unknown: sentences }: AsBuilt): void {
  sheet.heading(2, 'What is not known, or not done')
  if (sentences.length === 0) sheet.paragraph('Nothing that this record has to tell is missing.')
  for (const sentence of sentences) sheet.paragraph(`• ${sentence}.`, { indent: 8 })
}

function writeVersions(sheet: Sheet, { asBuilt, timeText }: DocumentContents): void {
  sheet.heading(2, 'By which versions it was made')
  sheet.table(
    [
      { title: 'What', share: 0.2 },
      { title: 'Code', share: 0.18 },
      { title: 'Version', share: 0.1 },
      { title: 'Title', share: 0.28 },
      { title: 'In force since', share: 0.24 },
    ],
    asBuilt.versions.map(({ kind, code, version, title, effectiveAt }) => [
      ...[kind.replaceAll('-', ' '), code, String(version), title],
      effectiveAt === null ? 'not in force' : timeText(effectiveAt),
    ]),
  )
  for (const { code, version, signatures } of asBuilt.versions) {
    for (const signature of signatures) sheet.field(`${code} version ${version}`, signatureWords(signature))
  }
}

function writeGenealogy(sheet: Sheet, { asBuilt, timeText }: DocumentContents): void {
  const { lots, edges } = asBuilt.genealogy
  const codes = new Map(lots.map(({ id, code }) => [id, code]))
  const others = lots.filter(({ depth }) => depth > 0)
  sheet.heading(2, 'What it was made of')
  if (others.length === 0) {
    sheet.paragraph('Nothing is known to have gone into it.')
    return
  }
  sheet.table(
    [
      { title: 'Steps away', share: 0.08 },
      { title: 'Lot or serial', share: 0.2 },
      { title: 'Material', share: 0.16 },
      { title: 'Made by, or supplier and its lot', share: 0.26 },
      { title: 'Certificate', share: 0.16 },
      { title: 'Status now', share: 0.14 },
    ],
    others.map(({ depth, code, material, isRaw, supplier, supplierLot, orderCode, certificate, status }) => [
      ...[String(depth), code, material],
      isRaw ? `${supplier ?? unknown}, ${supplierLot ?? unknown}` : `order ${orderCode ?? unknown}`,
      ...[certificate?.number ?? (isRaw ? unknown : ''), status],
    ]),
  )
  sheet.table(
    [
      { title: 'From', share: 0.24 },
      { title: 'How', share: 0.16 },
      { title: 'Into', share: 0.24 },
      { title: 'Quantity', share: 0.12 },
      { title: 'When', share: 0.24 },
    ],
    edges.map(({ from, to, kind, quantity, at }) => [
      ...[codes.get(from) ?? from, kind.replaceAll('-', ' '), codes.get(to) ?? to],
      ...[quantity ?? 'shared', timeText(at)],
    ]),
  )
}

function writeFiles(sheet: Sheet, { files }: AsBuilt): void {
  if (files.length === 0) return
  sheet.heading(2, 'Files behind it')
  sheet.paragraph(
    'Photos, originals, programs and certificates. Whoever has one of them holds it against the bundle by its hash.',
  )
  sheet.table(
    [
      { title: 'File', share: 0.52 },
      { title: 'SHA-256', share: 0.48 },
    ],
    files.map(({ of, sha256 }) => [of, sha256]),
  )
}

function writeRecords(sheet: Sheet, { asBuilt, proof, timeText }: DocumentContents): void {
  const { ledger, keys } = proof
  sheet.heading(2, 'The records that this was put together from')
  sheet.paragraph(
    'Each with its version and the SHA-256 of it in the ledger of the plant. A bundle of the ledger proves them without this product.',
  )
  sheet.field('Ledger', ledger)
  sheet.field('Key 1', keys[0] ?? unknown)
  sheet.field('Checkpoint', checkpointWords(proof, timeText))
  sheet.table(
    [
      { title: 'Record', share: 0.44 },
      { title: 'Version', share: 0.08 },
      { title: 'SHA-256', share: 0.48 },
    ],
    asBuilt.records.map(({ kind, id, version, hash }) => [`${kind} ${id}`, String(version), hash]),
  )
}
