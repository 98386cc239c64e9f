import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema, idOf, PathName } from '../primitives.ts'

const Text = z.string().max(500)

/** One characteristic of one part, as a gauge or a measuring machine reported it. What the source did not say is null. */
export const MeasuredCharacteristic = z.object({
  /** Serial number of the part. */
  serial: Text.nullable(),
  /** Part number, or the name that the source has for the kind of part. */
  part: Text.nullable(),
  characteristic: Text.min(1),
  /** What kind of characteristic it is, in the source's words: `Diameter`, `Flatness`, `torque`. */
  type: Text.nullable(),
  nominal: z.number().nullable(),
  lowerLimit: z.number().nullable(),
  upperLimit: z.number().nullable(),
  unit: Text.nullable(),
  /** Null when nothing was measured, or the result is no number. */
  value: z.number().nullable(),
  /** The source's own verdict; it is not judged again here. */
  status: z.enum(['pass', 'fail', 'other', 'unknown']),
  /** The verdict in the source's own words. */
  statusText: Text.nullable(),
  gauge: Text.nullable(),
  measuredAt: InstantSchema.nullable(),
  /** The order that the part was measured for, and the sequence of its operation, as the source was told. */
  order: Text.nullable().default(null),
  operation: Text.nullable().default(null),
  /** The doing of that operation, by its id: what was scanned at the station. */
  run: Text.nullable().default(null),
})
export type MeasuredCharacteristic = z.infer<typeof MeasuredCharacteristic>

/** Points that belong together, in columns of equal length: a torque over angle. */
export const MeasuredCurve = z.object({
  serial: Text.nullable(),
  name: Text.min(1),
  measuredAt: InstantSchema.nullable(),
  columns: z.array(z.object({ name: Text.min(1), unit: Text.nullable(), values: z.array(z.number().nullable()) })),
})
export type MeasuredCurve = z.infer<typeof MeasuredCurve>

/** Key figures that the source itself worked out of several parts; not what this product says of them. */
export const ReportedStatistics = z.object({
  characteristic: Text.min(1),
  count: z.int().nonnegative().nullable(),
  average: z.number().nullable(),
  standardDeviation: z.number().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  cp: z.number().nullable(),
  cpk: z.number().nullable(),
  pp: z.number().nullable(),
  ppk: z.number().nullable(),
})
export type ReportedStatistics = z.infer<typeof ReportedStatistics>

/** What was read out of a document. The original stays the truth: it can be read again. */
export const ParsedDocument = z.object({
  results: z.array(MeasuredCharacteristic),
  curves: z.array(MeasuredCurve),
  statistics: z.array(ReportedStatistics),
})
export type ParsedDocument = z.infer<typeof ParsedDocument>

/** How the original is written; `text` and `xml` are kept as they are: nothing is read out of them. */
export const DocumentKind = z.enum(['qif', 'csv', 'json', 'text', 'xml'])
export type DocumentKind = z.infer<typeof DocumentKind>

/** SHA-256 in hex: a document is named by its content, so the same content is the same document. */
export const DocumentHash = z.string().regex(/^[0-9a-f]{64}$/)

/** A document as an edge agent describes it; the original's bytes follow it. */
export const DocumentDescription = z.object({
  hash: DocumentHash,
  /** Path below the folder it was dropped in, or the topic it came on. */
  name: z.string().min(1).max(1000),
  kind: DocumentKind,
  /** Name of the connection that it came by. */
  connection: PathName,
  /** When the agent took it. */
  takenAt: InstantSchema,
  /** Length of the original in bytes. */
  size: z.int().nonnegative(),
  parsed: ParsedDocument,
})
export type DocumentDescription = z.infer<typeof DocumentDescription>

/** A document that the server has: its original lies in the store of files under its hash. */
export const PlantDocument = DocumentDescription.omit({ takenAt: true, parsed: true }).extend({
  id: idOf<'Document'>(),
  /** Name of the edge agent that sent it. */
  agent: PathName,
  receivedAt: InstantSchema,
})
export type PlantDocument = z.infer<typeof PlantDocument>

/** Documents hang on no equipment: they are seen by whoever may read quality's records of the whole plant. */
export const listDocuments = operation({
  name: 'document.document.list',
  summary: 'List the documents that agents and imports delivered, newest first, by their name',
  permission: 'quality.read',
  scope: 'plant',
  mutates: false,
  input: z.object({
    /** Any part of the name, whatever the case. */
    search: z.string().max(200).optional(),
    limit: z.int().positive().max(2000).default(200),
  }),
  output: z.object({ documents: z.array(PlantDocument), total: z.int() }),
})

/** What `GET /api/document/<hash>` asks before it sends the original. */
export const findDocument = operation({
  name: 'document.document.find',
  summary: 'Tell what the document with this SHA-256 is and where it came from',
  permission: 'quality.read',
  scope: 'plant',
  mutates: false,
  input: z.object({ hash: DocumentHash }),
  output: PlantDocument,
})

/** What the server answers: how much of a document it holds, that it has it for good, or why it never will. */
export const DocumentAnswer = z.object({
  hash: DocumentHash,
  /** Bytes of the message that have arrived in order: the agent goes on from there. */
  received: z.int().nonnegative(),
  outcome: z.enum(['partial', 'delivered', 'refused']),
  reason: z.string().nullable(),
})
export type DocumentAnswer = z.infer<typeof DocumentAnswer>
