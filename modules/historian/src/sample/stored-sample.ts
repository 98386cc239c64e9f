import type { StoredSample } from '@throughline/model'
import { toJsonValue } from '@throughline/model'
import type { StoredReading } from '../store/sample-store.ts'

/** A reading as JSON carries it. */
export function toStoredSample({ at, serverAt, value, status, original }: StoredReading): StoredSample {
  return {
    at,
    serverAt,
    value: toJsonValue(value),
    status,
    original: original === null ? null : { ...original, value: toJsonValue(original.value) },
  }
}
