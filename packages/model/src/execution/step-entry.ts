import { z } from 'zod'
import { SignatureInput } from '../identity/signature.ts'
import { operation } from '../operation.ts'
import { BlobHash, Code, InstantSchema, idOf, PathName, PositiveDecimal } from '../primitives.ts'

/** What was entered, by the type of the step. */
export const StepValue = z.discriminatedUnion('type', [
  z.object({ type: z.literal('read') }),
  z.object({ type: z.literal('check'), done: z.boolean() }),
  /** In the unit of the step; `gauge` = code of what it was measured with. */
  z.object({ type: z.literal('number'), value: z.number(), gauge: Code.nullable().default(null) }),
  z.object({ type: z.literal('text'), text: z.string().min(1).max(4000) }),
  z.object({ type: z.literal('choice'), value: PathName }),
  z.object({ type: z.literal('photo'), blob: BlobHash }),
  /**
   * As scanned. `quantity` of a material that is consumed; null = what is still missing of what the bill of material says,
   * or all that the lot has left.
   */
  z.object({
    type: z.literal('scan'),
    code: z.string().min(1).max(500),
    quantity: PositiveDecimal.nullable().default(null),
    /** Of material: nothing more goes in, although it is less than what is asked: takes a reason. */
    last: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('table'),
    rows: z.array(z.record(PathName, z.union([z.number(), z.string(), z.null()]))).max(200),
  }),
  z.object({ type: z.literal('timer'), startedAt: InstantSchema, endedAt: InstantSchema }),
  /** What the equipment says at the moment is taken, whatever is sent here: without a usable reading the step is not done. */
  z.object({
    type: z.literal('tag'),
    value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
    at: InstantSchema,
  }),
  z.object({ type: z.literal('signature'), signatureId: idOf<'Signature'>() }),
])
export type StepValue = z.infer<typeof StepValue>

/**
 * One entry of the record of the work. A correction replaces it; it stays readable. A step of material has an entry for each
 * lot that went in.
 */
export const StepEntry = z.object({
  id: idOf<'StepEntry'>(),
  runId: idOf<'OperationRun'>(),
  step: PathName,
  /** The piece that it is about; null = the whole operation. */
  subject: idOf<'Lot'>().nullable(),
  value: StepValue,
  /** False = outside the limits; null = the step has none, or of material: more is to be scanned. */
  within: z.boolean().nullable(),
  /** The limits as they stood: `low`, `high`, in the unit of the step; of material those of all its lots together. */
  limits: z.object({ low: z.number().nullable(), high: z.number().nullable(), unit: z.string() }).nullable(),
  /** Why it is outside, or corrected. */
  reason: z.string(),
  /** When it happened, by the clock of whoever recorded it. */
  at: InstantSchema,
  recordedAt: InstantSchema,
  by: z.object({ id: z.string(), name: z.string() }),
  /** The second person, where the step asks for one; null = not yet. */
  verified: z.object({ by: z.object({ id: z.string(), name: z.string() }), at: InstantSchema }).nullable(),
  /** Made on a device without connection: which one, its number there, and the clock's difference as measured at delivery. */
  offline: z.object({ device: z.string(), sequence: z.int(), clockDifferenceMs: z.number() }).nullable(),
  corrects: idOf<'StepEntry'>().nullable(),
  replacedAt: InstantSchema.nullable(),
})
export type StepEntry = z.infer<typeof StepEntry>

const at = InstantSchema.nullable().default(null)

export const recordStep = operation({
  name: 'execution.step.record',
  summary:
    'Record what a step asks for; outside the limits it takes a reason, and a deviation where the instruction says so',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({
    runId: idOf<'OperationRun'>(),
    step: PathName,
    subject: idOf<'Lot'>().nullable().default(null),
    value: StepValue,
    reason: z.string().max(500).default(''),
    at,
  }),
  output: StepEntry,
})

/** A step of type `signature`: both components now, over the record of this operation as it was shown. */
export const signStep = operation({
  name: 'execution.step.sign',
  summary: 'Sign a step of an operation',
  permission: 'execution.run.perform',
  scope: 'any',
  signature: ['performed', 'verified', 'reviewed', 'approved'],
  mutates: true,
  input: z.object({
    runId: idOf<'OperationRun'>(),
    step: PathName,
    subject: idOf<'Lot'>().nullable().default(null),
    /** The entries that stand as they were shown: refused when others stand by now. Null = not said. */
    seen: z.array(idOf<'StepEntry'>()).max(5000).nullable().default(null),
    /** `shown` is null: the entry that is signed is made by this. */
    signature: SignatureInput,
  }),
  output: StepEntry,
})

/**
 * By the second person in a session of their own: at a station they badge in, confirm, and hand the station back. The
 * signature is on the record `execution.step_entry` of this entry: `identity.signature.prepare` tells what to show.
 */
export const verifyStep = operation({
  name: 'execution.step.verify',
  summary: 'Confirm an entry as the second person, who is not the one who made it',
  permission: 'execution.run.perform',
  scope: 'any',
  signature: ['verified'],
  mutates: true,
  input: z.object({ entryId: idOf<'StepEntry'>(), signature: SignatureInput }),
  output: StepEntry,
})

export const correctStep = operation({
  name: 'execution.step.correct',
  summary: 'Correct an entry with a reason; the old one stays readable, and what was verified is verified anew',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({ entryId: idOf<'StepEntry'>(), value: StepValue, reason: z.string().min(3).max(500) }),
  output: StepEntry,
})

/**
 * The public half of the key that a station signs its entries with while it has no connection (ECDSA P-256, JWK). Asked at
 * each sign-in, with the same key: it also says that this person works at this device in this session.
 */
export const registerDeviceKey = operation({
  name: 'execution.device.register-key',
  summary: 'Register the key with which this station signs entries that it makes offline',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({ device: z.uuid(), publicKey: z.record(z.string(), z.unknown()) }),
  output: z.object({ device: z.uuid() }),
})

/** One entry that waited on a device: which operation it is, with what input, when and by whom. */
export const QueuedEntry = z.object({
  /** Its idempotency key: delivered twice, it is recorded once. */
  id: z.uuid(),
  /** 1, 2, 3 on this device, without a gap. */
  sequence: z.int().positive(),
  operation: z.enum([
    'execution.step.record',
    'execution.run.start',
    'execution.run.pause',
    'execution.run.resume',
    'execution.run.report',
    'execution.run.complete',
    'execution.logbook.write',
    'performance.andon.call',
    'performance.count.record',
    'performance.stop.explain',
  ]),
  input: z.record(z.string(), z.unknown()),
  personId: idOf<'Person'>(),
  deviceAt: InstantSchema,
  /** SHA-256 over the canonical JSON (RFC 8785) of the whole entry before it, its signature too; of the first one, 64 zeros. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  /** Base64 of the signature (r and s, as Web Crypto gives it; SHA-256) over the canonical JSON of all of the above. */
  signature: z.base64(),
})
export type QueuedEntry = z.infer<typeof QueuedEntry>

export const submitQueue = operation({
  name: 'execution.device.submit',
  summary:
    'Deliver entries that a station made offline, in their order; each is recorded once, or refused with the reason',
  permission: 'execution.run.perform',
  scope: 'any',
  mutates: true,
  input: z.object({
    device: z.uuid(),
    /** The device's clock at the moment of sending: what it differs from the server's is kept with each entry. */
    deviceNow: InstantSchema,
    entries: z.array(QueuedEntry).min(1).max(500),
  }),
  output: z.array(
    z.object({
      id: z.uuid(),
      outcome: z.enum(['recorded', 'known', 'refused']),
      /** Of a refusal. */
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
})

/** What a station delivered and was not taken: kept with the reason, for somebody to enter it anew or leave it. */
export const RefusedEntry = QueuedEntry.pick({
  id: true,
  sequence: true,
  operation: true,
  input: true,
  personId: true,
  deviceAt: true,
}).extend({
  device: z.uuid(),
  code: z.string(),
  message: z.string(),
  deliveredBy: z.object({ id: z.string(), name: z.string() }),
  deliveredAt: InstantSchema,
  /** How far the device's clock was ahead at delivery. */
  clockDifferenceMs: z.number(),
})
export type RefusedEntry = z.infer<typeof RefusedEntry>

export const listRefusedEntries = operation({
  name: 'execution.device.list-refused',
  summary:
    'List entries made offline that were refused at delivery, the newest first: your own, and those of your places',
  permission: 'execution.read',
  scope: 'any',
  mutates: false,
  input: z.object({ device: z.uuid().optional(), limit: z.int().positive().max(1000).default(200) }),
  output: z.array(RefusedEntry),
})
