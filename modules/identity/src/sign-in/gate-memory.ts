import type { Platform } from '@throughline/platform'
import { keepFailures, listFailures } from './failure-store.ts'
import type { GateMemory, Remembered } from './gate.ts'
import type { GateKind } from './rules.ts'

/**
 * Keeps a gate's knowledge in the database, one write after the other on one connection. Several servers on one database
 * each count on their own and share what they knew at their start.
 */
export function gateMemoryOn(platform: Platform, gate: GateKind): GateMemory {
  const waiting = new Map<string, Remembered>()
  const telling: (() => Promise<void>)[] = []
  let writing = false

  async function write(): Promise<void> {
    while (waiting.size > 0 || telling.length > 0) {
      const tell = telling.shift()
      const known = [...waiting.values()]
      waiting.clear()
      if (tell !== undefined) await tell()
      if (known.length > 0) await keepFailures(platform.db, gate, known, platform.clock.now())
    }
  }

  function wake(): void {
    if (writing) return
    writing = true
    write()
      .catch((error: unknown) => platform.log.error({ error, gate }, 'failed sign-ins could not be written down'))
      .finally(() => {
        writing = false
      })
  }

  return {
    load: () => listFailures(platform.db, gate, platform.clock.now()),
    keep(remembered) {
      waiting.set(`${remembered.kind} ${remembered.key}`, remembered)
      wake()
    },
    tellLimit(name, origin, at) {
      telling.push(() =>
        platform.act('identity.gate', `identity.${gate}.limit-met`, { name, origin }, async (uow) => {
          uow.emit('identity.sign-in-limit-met', { name, origin, at })
        }),
      )
      wake()
    },
  }
}
