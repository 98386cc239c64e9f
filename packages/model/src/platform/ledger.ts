import { z } from 'zod'
import { operation } from '../operation.ts'
import { InstantSchema } from '../primitives.ts'
import { RecordRef } from './record.ts'

/** What is wrong, in the words of the ledger's format. */
export const LedgerFinding = z.object({
  finding: z.enum(['forged', 'altered', 'reordered', 'missing', 'truncated', 'rolled-back', 'unproven']),
  /** Place of the leaf in the tree; null when it belongs to none. */
  place: z.int().nonnegative().nullable(),
  at: InstantSchema.nullable(),
  actor: z.string().nullable(),
  operation: z.string().nullable(),
  /** For people: names the thing, and says what it means. */
  message: z.string(),
})
export type LedgerFinding = z.infer<typeof LedgerFinding>

export const getLedgerStatus = operation({
  name: 'platform.ledger.get-status',
  summary: 'Show how far the ledger is signed, by which keys, and to whom its checkpoints were handed',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: false,
  input: z.object({}),
  output: z.object({
    id: z.string(),
    plant: z.string(),
    /** The newest; null before the first. `note` is the signed text itself. */
    checkpoint: z.object({ size: z.int(), at: InstantSchema, note: z.string() }).nullable(),
    /** C2SP verifier keys, oldest first: who checks a bundle needs the first from elsewhere than the bundle. */
    keys: z.array(z.string()),
    anchors: z.array(
      z.object({ kind: z.string(), target: z.string(), size: z.int().nullable(), at: InstantSchema.nullable() }),
    ),
    faults: z.array(z.object({ what: z.string(), message: z.string(), since: InstantSchema })),
  }),
})

export const checkLedger = operation({
  name: 'platform.ledger.check',
  summary: 'Check the whole ledger, and lay all records against it',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: true,
  input: z.object({}),
  output: z.object({
    leaves: z.int(),
    sealed: z.int(),
    checkpoints: z.int(),
    witnesses: z.int(),
    findings: z.array(LedgerFinding),
    /** False when there were too many findings to go on. */
    isComplete: z.boolean(),
    tookMs: z.int(),
  }),
})

/** What a bundle is about: one record with all its versions, or everything recorded in a window of time. */
export const BundleSubject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('record'), record: RecordRef }),
  z.object({ kind: z.literal('window'), from: InstantSchema, to: InstantSchema }),
])
export type BundleSubject = z.infer<typeof BundleSubject>

/** The file is fetched from `path` behind the plant's URL, once, within five minutes. */
export const exportLedger = operation({
  name: 'platform.ledger.export',
  summary: 'Make a bundle that proves a record or a window of time without this product',
  permission: 'platform.audit.read',
  scope: 'plant',
  mutates: true,
  answersOnce: true,
  input: z.object({ subject: BundleSubject }),
  output: z.object({ path: z.string(), fileName: z.string(), expiresAt: InstantSchema }),
})

export const rotateLedgerKey = operation({
  name: 'platform.ledger-key.rotate',
  summary: 'Let a new key sign the ledger from here on',
  permission: 'platform.ledger.administer',
  scope: 'plant',
  mutates: true,
  stepUp: true,
  input: z.object({ reason: z.string().min(3).max(500) }),
  output: z.object({ key: z.string() }),
})
