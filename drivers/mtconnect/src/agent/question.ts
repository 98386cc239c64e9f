import type { IncomingMessage } from 'node:http'
import type { AgentDevice } from './device.ts'
import type { ObservationBuffer } from './observation-buffer.ts'

/** What somebody asks the agent, checked. */
export type Question =
  | { readonly kind: 'probe'; readonly devices: readonly AgentDevice[] }
  | { readonly kind: 'current'; readonly devices: readonly AgentDevice[]; readonly at: number | null }
  | {
      readonly kind: 'sample'
      readonly devices: readonly AgentDevice[]
      readonly from: number
      readonly count: number
      /** Null = one answer and no stream. */
      readonly intervalMs: number | null
      readonly heartbeatMs: number
    }
  | { readonly kind: 'asset'; readonly assetIds: readonly string[] | null }

/** A question that gets an error document, with the code of the standard. */
export class AgentRefusal extends Error {
  readonly status: number
  readonly errorCode: string

  constructor(status: number, errorCode: string, message: string) {
    super(message)
    this.status = status
    this.errorCode = errorCode
  }
}

const known: Readonly<Record<string, readonly string[]>> = {
  probe: [],
  current: ['at'],
  sample: ['from', 'count', 'interval', 'heartbeat'],
  asset: [],
  assets: [],
}

/** @throws AgentRefusal */
export function readQuestion(
  request: IncomingMessage,
  devices: readonly AgentDevice[],
  buffer: ObservationBuffer,
): Question {
  if (request.method !== 'GET') throw new AgentRefusal(405, 'UNSUPPORTED', 'Only GET is answered')
  const url = new URL(request.url ?? '/', 'http://agent')
  const [first = '', ...rest] = url.pathname
    .split('/')
    .filter((word) => word !== '')
    .map(decode)
  if (first === 'asset' || first === 'assets')
    return { kind: 'asset', assetIds: rest.length === 0 ? null : (rest[0] ?? '').split(';') }
  const isAction = Object.hasOwn(known, first)
  const asked =
    isAction || first === '' ? devices : devices.filter(({ name, uuid }) => name === first || uuid === first)
  if (asked.length === 0) throw new AgentRefusal(404, 'NO_DEVICE', `There is no device ${first}`)
  const action = (isAction ? first : rest[0]) ?? 'probe'
  if (action === '' || action === 'probe') return { kind: 'probe', devices: asked }
  const number = numbersOf(url.searchParams, action)
  if (action === 'current') return { kind: 'current', devices: asked, at: inBuffer(number('at', null), 'at', buffer) }
  if (action !== 'sample') throw new AgentRefusal(404, 'INVALID_URI', `${url.pathname} is nothing that can be asked`)
  const count = number('count', 100) ?? 100
  if (count < 1 || count > buffer.capacity) throw new AgentRefusal(400, 'OUT_OF_RANGE', `count is ${count}`)
  const from = inBuffer(number('from', buffer.firstSequence), 'from', buffer) ?? buffer.firstSequence
  const [intervalMs, heartbeatMs] = [number('interval', null), number('heartbeat', 10_000) ?? 10_000]
  return { kind: 'sample', devices: asked, from, count, intervalMs, heartbeatMs }
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    throw new AgentRefusal(400, 'INVALID_URI', `${word} cannot be read`)
  }
}

function numbersOf(given: URLSearchParams, action: string): (name: string, otherwise: number | null) => number | null {
  for (const name of given.keys()) {
    if (known[action]?.includes(name) !== true) throw new AgentRefusal(400, 'UNSUPPORTED', `${name} is not supported`)
  }
  return (name, otherwise) => {
    const text = given.get(name)
    if (text === null) return otherwise
    if (!/^\d{1,15}$/.test(text)) throw new AgentRefusal(400, 'INVALID_REQUEST', `${name} is ${text}`)
    return Number(text)
  }
}

function inBuffer(sequence: number | null, name: string, buffer: ObservationBuffer): number | null {
  if (sequence === null) return null
  const last = name === 'from' ? buffer.nextSequence : buffer.nextSequence - 1
  if (sequence >= buffer.firstSequence && sequence <= last) return sequence
  throw new AgentRefusal(
    404,
    'OUT_OF_RANGE',
    `${name} is ${sequence}, the buffer holds ${buffer.firstSequence} to ${last}`,
  )
}
