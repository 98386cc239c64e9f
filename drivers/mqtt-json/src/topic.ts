import { JsonPath } from '@throughline/edge'
import { DomainError } from '@throughline/kernel'

/** Which value of which messages: `<topic>:<path>`. */
export interface MqttAddress {
  /** A topic, or a filter with `+` and `#`. */
  readonly filter: string
  readonly path: JsonPath
}

/**
 * Reads `torque/+/result:torque`. The first `:` ends the topic; in a topic `:` is written `%3A` and `%` is written `%25`.
 * @throws DomainError `invalid` (`mqtt-json.address-invalid`)
 */
export function parseAddress(text: string): MqttAddress {
  const colon = text.indexOf(':')
  const filter = text.slice(0, Math.max(0, colon)).replaceAll('%3A', ':').replaceAll('%25', '%')
  if (colon < 1 || !isFilter(filter)) throw wrongAddress(text)
  try {
    return { filter, path: new JsonPath(text.slice(colon + 1)) }
  } catch (error) {
    throw wrongAddress(text, error)
  }
}

export const addressOf = (topic: string, path: string): string =>
  `${topic.replaceAll('%', '%25').replaceAll(':', '%3A')}:${path}`

/** `+` stands for one whole level, `#` for all that follow and only at the end. */
export function isFilter(text: string): boolean {
  if (text === '' || text.length > 1000 || text.includes('\0')) return false
  const levels = text.split('/')
  return levels.every((level, index) => {
    if (level === '+') return true
    if (level === '#') return index === levels.length - 1
    return !/[+#]/.test(level)
  })
}

/** Whether a message on this topic is one that the filter asks for. Topics with `$` are the broker's own. */
export function covers(filter: string, topic: string): boolean {
  const asked = filter.split('/')
  const levels = topic.split('/')
  if (topic.startsWith('$') && !filter.startsWith('$')) return false
  for (const [index, level] of asked.entries()) {
    if (level === '#') return true
    if (levels[index] === undefined || (level !== '+' && level !== levels[index])) return false
  }
  return asked.length === levels.length
}

const wrongAddress = (text: string, cause?: unknown): DomainError =>
  new DomainError(
    'invalid',
    'mqtt-json.address-invalid',
    `"${text}" is no address in MQTT messages: write <topic>:<path>, as in torque/TRQ-01/result:torque`,
    {},
    cause,
  )
