import type { getDiagnostics } from '@throughline/model'
import { getDiagnostics as operation } from '@throughline/model'
import type { Module } from '@throughline/platform'
import type { z } from 'zod'

type Diagnostics = z.input<typeof getDiagnostics.output>

/** Mounts the diagnostics operation over what the composition root knows. */
export function diagnosticsModule(read: () => Diagnostics): Module {
  return {
    name: 'diagnostics',
    migrations: [],
    register(platform) {
      platform.handle(operation, async () => read())
    },
  }
}
