import type { JsonNode } from '@throughline/edge'
import { parseJson } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import { messageOf } from '@throughline/kernel'
import { statusCode } from '@throughline/model'
import type { MqttOptions } from './options.ts'

/** A message as it was understood. */
export interface Message {
  readonly topic: string
  readonly body: JsonNode
  readonly arrivedAt: Instant
  /** Its own time, or that of its arrival. */
  readonly at: Instant
  /** The best that can be said of a value in it: a time that is not its own makes it uncertain. */
  readonly status: number
  /** Its own id, where the option names one. */
  readonly id: string | null
}

/** Something in a message that a person should hear of. */
export interface MessageFault {
  readonly cause: string
  readonly example: string
}

/** Understands a message, or says why it is none; faults beside a message are worth telling and no reason to drop it. */
export function readMessage(
  topic: string,
  payload: Uint8Array,
  retained: boolean,
  arrivedAt: Instant,
  options: MqttOptions,
): { message: Message | null; faults: readonly MessageFault[] } {
  const fault = (cause: string, why: string): { cause: string; example: string }[] => [
    { cause, example: `${topic}: ${why}`.slice(0, 300) },
  ]
  if (payload.length > options.maxBytes) {
    return { message: null, faults: fault('payload-too-large', `${payload.length} bytes`) }
  }
  const text = textOf(payload)
  if (text === undefined) return { message: null, faults: fault('payload-binary', `${payload.length} bytes, no text`) }
  let body: JsonNode
  try {
    body = parseJson(text)
  } catch (error) {
    return { message: null, faults: fault('payload-malformed', `${messageOf(error)}: ${text.slice(0, 100)}`) }
  }
  const own = options.time === null ? undefined : options.times.read(options.time.firstIn(body))
  const isTimeMissing = options.time !== null && own === undefined
  const raw = options.id?.firstIn(body)
  const isId = typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'bigint'
  const message = {
    ...{ topic, body, arrivedAt, at: own ?? arrivedAt, status: statusOf(own !== undefined, isTimeMissing, retained) },
    id: isId ? `${topic} ${raw}` : null,
  }
  const faults = isTimeMissing ? fault('time-unreadable', `nothing readable at ${options.time?.text}`) : []
  return { message, faults }
}

/** What the broker kept from earlier holds since a time that only the message itself can tell. */
function statusOf(hasOwnTime: boolean, isTimeMissing: boolean, retained: boolean): number {
  if (hasOwnTime) return statusCode.good
  if (retained) return statusCode.uncertainLastUsable
  return isTimeMissing ? statusCode.uncertain : statusCode.good
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}
