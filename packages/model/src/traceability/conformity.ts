import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { signaturePolicy } from '../identity/signature-policy.ts'
import { operation } from '../operation.ts'
import { Code, DecimalSchema, InstantSchema, idOf } from '../primitives.ts'
import { Disposition } from '../quality/deviation.ts'

const orderId = idOf<'Order'>()

/**
 * What the plant states of pieces that it releases: that they are as ordered, with every departure that was accepted. Made of
 * their as-built records, and only when nothing in them is open (AS9100D 8.6, 8.7).
 */
export const ConformityCertificate = z.object({
  id: idOf<'ConformityCertificate'>(),
  /** `COC-00001`. */
  number: Code,
  /** `draft` until it is signed; then it never changes. */
  state: z.enum(['draft', 'released']),
  orderId,
  orderCode: Code,
  /** What the order is for, in the words of whoever ordered. */
  reference: z.string(),
  product: Code,
  productName: z.string().nullable(),
  drawing: z.object({ number: z.string(), revision: z.string() }).nullable(),
  /** The versions that it was made by: `work definition R-2 version 1`. */
  versions: z.array(z.string()),
  pieces: z.array(z.object({ lotId: idOf<'Lot'>(), code: Code, quantity: DecimalSchema, unit: z.string() })),
  quantity: DecimalSchema,
  unit: z.string(),
  ordered: DecimalSchema,
  /** Departures that quality accepted or had mended, by its signature. */
  concessions: z.array(
    z.object({
      code: Code,
      title: z.string(),
      disposition: Disposition,
      conclusion: z.string(),
      pieces: z.array(Code),
    }),
  ),
  statement: z.string(),
  draftedBy: z.string(),
  draftedAt: InstantSchema,
  releasedBy: z.string().nullable(),
  releasedAt: InstantSchema.nullable(),
})
export type ConformityCertificate = z.infer<typeof ConformityCertificate>

signaturePolicy({
  record: 'traceability.conformity',
  title: 'Certificate of conformity {number}',
  read: 'traceability.read',
  steps: [{ meaning: 'released', permission: 'quality.deviation.close' }],
  authorMaySign: true,
})

export const draftConformity = operation({
  name: 'traceability.conformity.draft',
  summary: 'Draft the certificate of conformity of an order; refused with each thing that is open on its pieces',
  permission: 'quality.deviation.close',
  scope: 'any',
  mutates: true,
  input: z.object({
    orderId,
    /** Empty = every good piece that no released certificate holds. */
    lots: z.array(idOf<'Lot'>()).max(200).default([]),
  }),
  output: ConformityCertificate,
})

export const releaseConformity = operation({
  name: 'traceability.conformity.release',
  summary: 'Release the drafted certificate of conformity of an order by signature, if nothing was opened since',
  permission: 'quality.deviation.close',
  scope: 'any',
  signature: ['released'],
  mutates: true,
  input: z.object({ orderId, signature: SignatureInput }),
  output: ConformityCertificate,
})

export const listConformity = operation({
  name: 'traceability.conformity.list',
  summary: 'List the certificates of conformity of an order, newest first',
  permission: 'traceability.read',
  scope: 'any',
  mutates: false,
  input: z.object({ orderId }),
  output: z.array(ConformityCertificate),
})

export const exportConformity = operation({
  name: 'traceability.conformity.export',
  summary: 'Get a released certificate of conformity as an archivable PDF',
  permission: 'traceability.read',
  scope: 'any',
  mutates: true,
  answersOnce: true,
  input: z.object({ orderId, number: Code }),
  /** The file is fetched from `path` behind the plant's URL, once, within five minutes. */
  output: z.object({ path: z.string(), fileName: z.string(), expiresAt: InstantSchema }),
})
