import type { MessageInitShape } from '@bufbuild/protobuf'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import type { Instant } from '@throughline/kernel'
import { messageOf, toMs } from '@throughline/kernel'
import type { MetricSchema, Payload } from './generated/sparkplug_b_pb.ts'
import { PayloadSchema } from './generated/sparkplug_b_pb.ts'

/** A metric to be sent; fields left out are not on the wire. */
export type MetricInit = MessageInitShape<typeof MetricSchema>

export const rebirthMetric = 'Node Control/Rebirth'
export const bdSeqMetric = 'bdSeq'

/** Milliseconds, as Sparkplug stamps. */
export const wireTime = (at: Instant): bigint => BigInt(Math.floor(toMs(at)))

/** Encodes one message; a field that is left out (a sequence number in NDEATH and commands) is not on the wire. */
export function encodePayload(fields: { at?: Instant; seq?: number; metrics: MetricInit[] }): Buffer {
  const { at, seq, metrics } = fields
  const bytes = toBinary(
    PayloadSchema,
    create(PayloadSchema, {
      metrics,
      ...(at === undefined ? {} : { timestamp: wireTime(at) }),
      ...(seq === undefined ? {} : { seq: BigInt(seq) }),
    }),
  )
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** Reads a message of anybody's; what is no Sparkplug payload is told, not thrown. */
export function decodePayload(bytes: Uint8Array): { payload: Payload } | { problem: string } {
  try {
    return { payload: fromBinary(PayloadSchema, bytes) }
  } catch (error) {
    return { problem: messageOf(error) }
  }
}

/** Whether the field was on the wire: unset fields read as their default. */
export function has<Message extends object>(message: Message, field: keyof Message): boolean {
  return Object.hasOwn(message, field)
}
