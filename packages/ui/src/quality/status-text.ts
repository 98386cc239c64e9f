import { qualityOf, statusCode } from '@throughline/model'

const words = new Map<number, string>([
  [statusCode.good, 'Good'],
  [statusCode.goodLocalOverride, 'Good: set by hand'],
  [statusCode.uncertain, 'Uncertain'],
  [statusCode.uncertainLastUsable, 'Stale: the source is silent, this is its last value'],
  [statusCode.uncertainUnitsExceeded, 'Uncertain: outside the range of the instrument'],
  [statusCode.bad, 'Bad'],
  [statusCode.badDecodingError, 'Bad: the source sent something unreadable'],
  [statusCode.badInvalidTimestamp, 'Bad: the source sent an impossible time'],
  [statusCode.badNoCommunication, 'Bad: no communication with the source'],
  [statusCode.badWaitingForInitialData, 'Bad: no value has come yet'],
  [statusCode.badNodeIdUnknown, 'Bad: the source does not know this address'],
  [statusCode.badOutOfRange, 'Bad: the value is out of range'],
  [statusCode.badTypeMismatch, 'Bad: the value has another type than the tag'],
  [statusCode.badNotConnected, 'Bad: the source is not connected'],
  [statusCode.badDeviceFailure, 'Bad: the device reports a failure'],
])

const severity = { good: 'Good', uncertain: 'Uncertain', bad: 'Bad' } as const

/** What an OPC UA status code means, in words; one that has no words here keeps its number. */
export function statusText(status: number): string {
  // The low 16 bits say how the value came about, not how good it is.
  const known = words.get((status & 0xffff_0000) >>> 0)
  return known ?? `${severity[qualityOf(status)]} (0x${(status >>> 0).toString(16).padStart(8, '0')})`
}
