/** Counts one piece of bad input: a kebab-case cause and one instance for the person who has to find it. */
export type ReportFault = (cause: string, example: string) => void

/** Why a client was cut, when the reason is ours to name. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly faultCause: string

  constructor(faultCause: string, message: string) {
    super(message)
    this.faultCause = faultCause
  }
}

const knownCauses: Readonly<Record<string, string>> = {
  'keep alive timeout': 'mqtt-keepalive-expired',
  'connect did not arrive in time': 'mqtt-connect-expired',
  'unacceptable protocol version': 'mqtt-version-unsupported',
  'topic has too many levels': 'mqtt-topic-too-deep',
  'Client queue limit reached': 'mqtt-packets-before-connect',
}

/**
 * The cause of a client's end as a fault, `null` when a connection merely broke off (which is no bad input). Whatever
 * neither the broker nor the operating system has a name for is a packet that could not be understood.
 */
export function causeOf(error: Error & { code?: unknown }): string | null {
  if (error instanceof Refusal) return error.faultCause
  if (typeof error.code === 'string') return null
  if (error.message === 'connection closed' || error.message === 'drain timeout') return null
  return knownCauses[error.message] ?? 'mqtt-malformed'
}
